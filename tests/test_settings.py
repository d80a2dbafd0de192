"""Reading `[tool.tie-lint]`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Write
from tie_lint.errors import UsageError
from tie_lint.pipeline.configuration import load_settings
from tie_lint.settings import Settings, override

FULL = """
[tool.tie-lint]
select = ["TIE001"]
ignore = ["TIE3"]
transformers = ">=4.45,<6"
tied-weights-keys = "init-base"
exclude = ["generated/"]

[tool.tie-lint.per-file-ignores]
"tests/*.py" = ["TIE"]
"""


def test_every_key(write: Write, folder: Path) -> None:
    write("pyproject.toml", FULL)
    assert load_settings(folder) == Settings(
        root=folder,
        select=("TIE001",),
        ignore=("TIE3",),
        transformers=">=4.45,<6",
        tied_weights_keys="init-base",
        exclude=("generated/",),
        per_file_ignores={"tests/*.py": ("TIE",)},
    )


def test_the_nearest_file_with_a_table_counts(write: Write, folder: Path) -> None:
    write("pyproject.toml", FULL)
    write("package/pyproject.toml", "[project]\nname = 'package'\n")
    assert load_settings(folder / "package").root == folder


def test_no_file_and_isolated_give_the_defaults(write: Write, folder: Path) -> None:
    assert load_settings(folder) == Settings(folder)
    write("pyproject.toml", FULL)
    assert load_settings(folder, isolated=True) == Settings(folder)


def test_a_named_file(write: Write, folder: Path) -> None:
    path = write("strict.toml", FULL)
    assert load_settings(folder, path).select == ("TIE001",)


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
    ],
)
def test_an_error_names_file_and_key(write: Write, folder: Path, table: str, message: str) -> None:
    write("pyproject.toml", f"[tool.tie-lint]\n{table}\n")
    with pytest.raises(UsageError, match=r"pyproject\.toml: \[tool\.tie-lint\]") as caught:
        load_settings(folder)
    assert message in str(caught.value)


def test_a_named_file_without_the_table_is_an_error(write: Write, folder: Path) -> None:
    with pytest.raises(UsageError, match=r"no \[tool\.tie-lint\] table"):
        load_settings(folder, write("other.toml", ""))


def test_a_missing_named_file_is_an_error(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"missing\.toml"):
        load_settings(folder, folder / "missing.toml")


def test_the_command_line_overrides_what_it_gives(folder: Path) -> None:
    settings = override(Settings(folder, ignore=("TIE001",)), select=("TIE002",), ignore=None)
    assert (settings.select, settings.ignore) == (("TIE002",), ("TIE001",))
