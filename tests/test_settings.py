"""Reading `[tool.tie-lint]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import validate

from tests.conftest import Write
from tests.examples import BAD
from tie_lint.api import check_paths
from tie_lint.errors import UsageError
from tie_lint.output.schema import load as load_schema
from tie_lint.pipeline.configuration import EXTEND, READERS, load
from tie_lint.pipeline.resolver import Resolver
from tie_lint.settings import Settings, override

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FULL = """
[tool.tie-lint]
select = ["TIE001"]
extend-select = ["TIE901"]
ignore = ["TIE3"]
transformers = ">=4.45,<6"
tied-weights-keys = "init-base"
exclude = ["generated/"]
extend-exclude = ["vendor/"]
force-exclude = true
respect-gitignore = false
output-format = "concise"
unsafe-fixes = true
cache-dir = ".cache"
max-file-size = 5
class-time-limit = 1.5

[tool.tie-lint.per-file-transformers]
"old/" = "4.51.3"

[tool.tie-lint.per-file-ignores]
"tests/*.py" = ["TIE"]
"""


def settings(folder: Path, **how: Any) -> Settings:
    """The settings of a folder's files, without where they come from."""
    return Resolver(**how).settings_of(folder)._replace(origins={})


def test_every_key(write: Write, folder: Path) -> None:
    write("pyproject.toml", FULL)
    assert settings(folder) == Settings(
        root=folder,
        select=("TIE001",),
        extend_select=("TIE901",),
        ignore=("TIE3",),
        transformers=">=4.45,<6",
        per_file_transformers={"old/": "4.51.3"},
        tied_weights_keys="init-base",
        exclude=("generated/",),
        extend_exclude=("vendor/",),
        force_exclude=True,
        respect_gitignore=False,
        output_format="concise",
        unsafe_fixes=True,
        cache_dir=".cache",
        max_file_size=5,
        class_time_limit=1.5,
        per_file_ignores={"tests/*.py": ("TIE",)},
    )


def test_the_table_above_has_every_key_and_so_has_the_schema() -> None:
    table = tomllib.loads(FULL)["tool"]["tie-lint"]
    assert set(table) == set(READERS) == set(load_schema("settings")["properties"]) - {EXTEND}
    validate(table, load_schema("settings"))


def test_the_nearest_file_with_a_table_counts(write: Write, folder: Path) -> None:
    write("pyproject.toml", FULL)
    write("package/pyproject.toml", "[project]\nname = 'package'\n# not tie-lint's\n")
    (folder / "package" / "deep").mkdir()
    assert settings(folder / "package" / "deep").root == folder
    write("package/tie-lint.toml", "ignore = ['TIE001']\n")
    assert settings(folder / "package" / "deep") == Settings(folder / "package", ignore=("TIE001",))


def test_of_one_folder_the_tools_own_file_counts(write: Write, folder: Path) -> None:
    write("pyproject.toml", FULL)
    write("tie-lint.toml", "")
    assert settings(folder) == Settings(folder)


def test_no_file_and_isolated_give_the_defaults(write: Write, folder: Path) -> None:
    assert settings(folder) == Settings(folder)
    write("pyproject.toml", FULL)
    assert settings(folder, isolated=True) == Settings(folder)


@pytest.mark.parametrize(
    ("name", "text"), [("strict.toml", FULL), ("sub/tie-lint.toml", "select = ['TIE001']")]
)
def test_a_named_file_counts_for_all(write: Write, folder: Path, name: str, text: str) -> None:
    path = write(name, text)
    write("package/tie-lint.toml", "ignore = ['TIE001']\n")
    (folder / "package").mkdir(exist_ok=True)
    for where in (folder, folder / "package"):
        assert settings(where, file=path).select == ("TIE001",)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("slect = []", "unknown key 'slect'; did you mean 'select'"),
        ("colour = true", "unknown key 'colour'; the keys are select"),
        ("select = 'TIE001'", "select: expected a list of strings, not 'TIE001'"),
        ("ignore = [1]", "ignore: expected a list of strings"),
        ("transformers = 5", "transformers: expected a string, not 5"),
        ("tied-weights-keys = 'base'", "tied-weights-keys: expected 'any' or 'init-base', not 'base'"),
        ("tied-weights-keys = []", "tied-weights-keys: expected"),
        ("per-file-ignores = []", "per-file-ignores: expected a table"),
        ("per-file-ignores = {a = 'TIE'}", "per-file-ignores: expected a list of strings"),
        ("per-file-transformers = ['5']", "per-file-transformers: expected a table"),
        ("force-exclude = 'yes'", "force-exclude: expected true or false, not 'yes'"),
    ],
)
def test_an_error_names_file_and_key(write: Write, folder: Path, table: str, message: str) -> None:
    write("pyproject.toml", f"[tool.tie-lint]\n{table}\n")
    with pytest.raises(UsageError, match=r"pyproject\.toml \[tool\.tie-lint\]") as caught:
        settings(folder)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("select = ['TIE0011']", "select: no rule's code starts with 'TIE0011'; did you mean 'TIE001'?"),
        ("extend-select = ['X']", "extend-select: no rule's code starts with 'X'; the codes are TIE001"),
        ("per-file-ignores = {'a' = ['TIE8']}", "per-file-ignores.a: no rule's code starts with 'TIE8'"),
        ("select = []", "select: no code is selected"),
        ("transformers = 'four'", "transformers: 'four' is neither"),
        ("per-file-transformers = {'*.py' = 'four'}", "per-file-transformers: 'four' is neither"),
        ("exclude = ['!']", "exclude: "),
    ],
)
def test_a_value_that_makes_no_sense_names_file_and_key(
    write: Write, folder: Path, table: str, message: str
) -> None:
    write("pyproject.toml", f"[tool.tie-lint]\n{table}\n")
    write("model.py", "")
    with pytest.raises(UsageError) as caught:
        check_paths([folder])
    assert f"pyproject.toml [tool.tie-lint] {message}" in str(caught.value)


def test_a_named_file_without_the_table_is_an_error(write: Write) -> None:
    with pytest.raises(UsageError, match=r"no \[tool\.tie-lint\] table"):
        load(write("other.toml", ""))


def test_a_missing_named_file_is_an_error(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"missing\.toml"):
        load(folder / "missing.toml")


def test_the_command_line_overrides_what_it_gives(folder: Path) -> None:
    before = Settings(folder, ignore=("TIE001",), extend_select=("TIE901",))
    given = override(before, {"select": ("TIE002",), "ignore": None}, {"select": "--select"})
    assert (given.selected, given.ignore) == (("TIE002",), ("TIE001",))
    assert (given.origin("select"), given.origin("ignore")) == ("--select", "default")
    added = override(before, {"extend_select": ("TIE902",)}, {})
    assert added.selected == ("TIE", "TIE901", "TIE902")


def test_patterns_of_the_command_line_are_added_or_take_the_place_of_others(folder: Path) -> None:
    before = Settings(folder, exclude=("a",), extend_exclude=("b",))
    added = override(before, {"extend_exclude": ("c",)}, {})
    assert (added.exclude, added.extend_exclude, added.exclude_here) == (("a",), ("b",), ("c",))
    given = override(before, {"exclude": ("c",)}, {})
    assert (given.exclude, given.extend_exclude, given.exclude_here) == ((), ("b",), ("c",))


def test_a_file_may_extend_another(write: Write, folder: Path) -> None:
    write(
        "tie-lint.toml",
        'transformers = "4.51.3"\nignore = ["TIE003"]\nextend-select = ["TIE901"]\nexclude = ["/pkg/old/"]\n'
        'per-file-ignores = {"pkg/legacy.py" = ["TIE"]}\n',
    )
    write("pkg/pyproject.toml", '[tool.tie-lint]\nextend = "../tie-lint.toml"\nextend-select = ["TIE902"]\n')
    write("pkg/sub/tie-lint.toml", 'extend = "../pyproject.toml"\nignore = []\ntransformers = "5.23.0"\n')
    found = Resolver().settings_of(folder / "pkg" / "sub")
    assert (found.transformers, found.ignore, found.extend_select) == ("5.23.0", (), ("TIE901", "TIE902"))
    assert (found.root, found.root_of("exclude")) == (folder / "pkg" / "sub", folder)
    assert found.where("exclude") == "tie-lint.toml exclude"
    for name in ("pkg/old/acme.py", "pkg/legacy.py", "pkg/acme.py", "pkg/sub/acme.py"):
        write(name, BAD)
    places = {(one.path, one.transformers) for one in check_paths(["pkg"]).findings}
    assert places == {("pkg/acme.py", ("4.51.3",)), ("pkg/sub/acme.py", ("5.23.0",))}


@pytest.mark.parametrize(
    ("extended", "message"),
    [
        ("nowhere.toml", "tie-lint.toml extend: nowhere.toml: no such file"),
        ("tie-lint.toml", "tie-lint.toml extend: tie-lint.toml extends this file"),
        ("base/tie-lint.toml", "base/tie-lint.toml extend: ../tie-lint.toml extends this file"),
        ("plain.toml", r"plain.toml: no \[tool.tie-lint\] table"),
    ],
)
def test_what_cannot_be_extended_is_bad_usage(
    write: Write, folder: Path, extended: str, message: str
) -> None:
    write("tie-lint.toml", f'extend = "{extended}"\n')
    write("base/tie-lint.toml", 'extend = "../tie-lint.toml"\n')
    write("plain.toml", "")
    with pytest.raises(UsageError, match=message):
        Resolver().settings_of(folder)


def test_an_extended_file_is_named_by_a_string(write: Write, folder: Path) -> None:
    write("tie-lint.toml", "extend = 5\n")
    with pytest.raises(UsageError, match=r"tie-lint\.toml extend: expected a string, not 5"):
        Resolver().settings_of(folder)
