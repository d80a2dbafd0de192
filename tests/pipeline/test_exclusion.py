"""What is left out: by git, by nested settings, and of what is named."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conftest import Write
from tests.examples import BAD
from tie_lint.api import Configuration, check_paths, check_source

RELEASE = Configuration(transformers="5.23.0")


def found(*paths: str, **settings: object) -> list[str]:
    """The files with findings."""
    return [one.path for one in check_paths(list(paths), RELEASE._replace(**settings)).findings]  # type: ignore[arg-type]


GITIGNORE = """\
# what is built
*.gen.py
/top.py
out/
!kept.gen.py
deep/**/x.py
[
"""
FILES = [
    "a.py",
    "a.gen.py",
    "kept.gen.py",
    "top.py",
    "sub/top.py",
    "out/b.py",
    "sub/out/c.py",
    "deep/1/2/x.py",
]


def test_what_git_ignores_is_what_is_left_out(write: Write, folder: Path) -> None:
    (folder / ".git").rmdir()
    subprocess.run(["git", "init", "--quiet"], check=True)
    write(".gitignore", GITIGNORE)
    write("sub/.gitignore", "!top.py\nlocal.py\n")
    write(".git/info/exclude", "private.py\n")
    for name in [*FILES, "sub/local.py", "private.py", "sub/private.py"]:
        write(name, BAD)
    run = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard", "*.py"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(found(".")) == sorted(run.stdout.split())
    assert "a.gen.py" in found(".", respect_gitignore=False)


def test_what_is_named_is_checked_though_git_ignores_it(write: Write) -> None:
    write(".gitignore", "out/\n*.gen.py\n")
    write("out/deep/b.py", BAD)
    assert found("out") == found("out/deep") == found("out/deep/b.py") == ["out/deep/b.py"]


def test_a_pattern_that_would_take_long_is_passed_over(write: Write) -> None:
    write(".gitignore", "*a*a*a*a*a*a*a*a*a*a*b\n")
    write("a" * 200 + ".py", BAD)
    assert len(found(".")) == 1


def test_without_a_repository_nothing_is_ignored(write: Write, folder: Path) -> None:
    (folder / ".git").rmdir()
    write(".gitignore", "a.py\n")
    write("a.py", BAD)
    assert found(".") == ["a.py"]


NESTED = [
    ({"": "*.b.py\n", "ab": "!lib/\n"}, ["ab/lib/a.b.py", "ab/lib/a.py"]),
    ({"": "build/\n", "ab": "!/lib\n"}, ["ab/lib/build/x.py", "ab/lib/x.py"]),
    (
        {"": "out/*\n!out/kept/\n", "out/kept": "*.gen.py\n"},
        ["out/x.py", "out/kept/x.py", "out/kept/x.gen.py"],
    ),
    ({"": "*.py[cod]\n[xy].py\n!x.py\n"}, ["x.py", "y.py", "z.py", "a/y.py"]),
    ({"": "/*\n!/lib\n"}, ["x.py", "lib/x.py", "lib/lib/x.py", "other/x.py"]),
    ({"": "lib/*\n!*/\n"}, ["lib/x.py", "lib/built/x.py"]),
    ({"": "lib/**\n!*.py\n*.gen.py\n"}, ["lib/x.py", "lib/x.gen.py"]),
    ({"": "a/**/x.py\n"}, ["a/x.py", "a/b/c/x.py", "b/a/x.py"]),
]


@pytest.mark.parametrize(("patterns", "files"), NESTED)
def test_patterns_of_nested_files_are_read_as_git_reads_them(
    write: Write, folder: Path, patterns: dict[str, str], files: list[str]
) -> None:
    (folder / ".git").rmdir()
    subprocess.run(["git", "init", "--quiet"], check=True)
    for name in files:
        write(name, BAD)
    for place, text in patterns.items():
        write(f"{place}/.gitignore".lstrip("/"), text)
    run = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard", "*.py"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(found(".")) == sorted(run.stdout.split()) != sorted(files)


def test_each_settings_file_leaves_out_what_it_names(write: Write) -> None:
    write("tie-lint.toml", 'exclude = ["/one.py"]\nextend-exclude = ["gen/"]\n')
    write("sub/tie-lint.toml", 'exclude = ["/two.py"]\n')
    for name in ("one.py", "two.py", "gen/x.py", "sub/one.py", "sub/two.py", "sub/gen/x.py"):
        write(name, BAD)
    assert found(".") == ["sub/gen/x.py", "sub/one.py", "two.py"]


def test_named_files_are_left_out_where_the_settings_force_it(write: Write) -> None:
    write("gen/x.py", BAD)
    write("tie-lint.toml", 'exclude = ["gen/"]\n')
    assert found("gen/x.py") == ["gen/x.py"]
    assert found("gen/x.py", force_exclude=True) == found("gen", force_exclude=True) == []


def test_patterns_that_are_given_are_relative_to_the_working_directory(
    write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("tie-lint.toml", 'exclude = ["a.py"]\n')
    write("sub/a.py", BAD)
    write("sub/b.py", BAD)
    monkeypatch.chdir(folder / "sub")
    assert found(".", exclude=("/b.py",)) == ["a.py"]
    assert found(".", extend_exclude=("/b.py",)) == []


def test_a_text_that_stands_for_a_file_is_left_out_like_it(write: Write) -> None:
    write("tie-lint.toml", 'exclude = ["gen/"]\n')
    assert check_source(BAD, "gen/x.py", RELEASE).findings == []
    assert len(check_source(BAD, "x.py", RELEASE).findings) == 1
