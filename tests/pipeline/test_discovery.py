"""Which files paths stand for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Write
from tie_lint.errors import UsageError
from tie_lint.library.target import Targets
from tie_lint.pipeline.discovery import find_files
from tie_lint.pipeline.exclusion import Exclusion
from tie_lint.pipeline.resolver import Resolved
from tie_lint.settings import Settings

TREE = [
    "a.py",
    "b.txt",
    "deep/er/c.py",
    ".hidden/d.py",
    "build/e.py",
    "venv/lib/site-packages/f.py",
    "generated/g.py",
]


@pytest.fixture
def tree(write: Write, folder: Path) -> Path:
    for name in TREE:
        write(name, "")
    return folder


def leaving_out(*patterns: str, **settings: bool) -> Exclusion:
    """What these patterns leave out, written in the working directory."""
    return Exclusion(Resolved(Settings(Path.cwd(), exclude=patterns, **settings), Targets((), "")))  # type: ignore[arg-type]


def found(*paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    files = find_files(map(Path, paths), leaving_out(*exclude), [])
    return [path.as_posix() for path, _ in files.sources]


def test_a_directory_stands_for_its_python_files(tree: Path) -> None:
    assert found(".") == ["a.py", "deep/er/c.py", "generated/g.py"]


def test_patterns_leave_files_out(tree: Path) -> None:
    assert found(".", exclude=("generated/", "er/*.py")) == ["a.py", "deep/er/c.py"]
    assert found(".", exclude=("**/er/", "/a.py")) == ["generated/g.py"]


def test_what_is_named_is_taken(tree: Path) -> None:
    assert found("b.txt", "generated/g.py", exclude=("generated/",)) == ["b.txt", "generated/g.py"]
    assert found("venv/lib/site-packages") == ["venv/lib/site-packages/f.py"]
    assert found(".hidden") == [".hidden/d.py"]


def test_a_file_is_taken_once(tree: Path) -> None:
    assert found("deep", "deep/er/c.py", "./deep") == ["deep/er/c.py"]


def test_named_files_are_told_apart(tree: Path) -> None:
    files = find_files([Path("a.py"), Path("deep")], leaving_out(), []).sources
    assert [named for _, named in files] == [True, False]


def test_a_missing_path_is_an_error(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.py"):
        found("nowhere.py")


def test_a_file_that_links_lead_to_is_taken_once(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.py").write_text("")
    (tmp_path / "folder").symlink_to(tmp_path / "real")
    (tmp_path / "b.py").symlink_to(tmp_path / "real" / "a.py")
    paths = [tmp_path / name for name in ("real", "folder", "b.py")]
    for first in paths:
        found = [path for path, _ in find_files([first, *paths], leaving_out(), []).sources]
        assert len(found) == 1
        assert found[0].is_relative_to(first)


def test_configs_are_found_in_the_same_walk(tree: Path, write: Write) -> None:
    for name in ("deep/config.json", "deep/generation_config.json", "generated/adapter_config.json"):
        write(name, "{}")
    here = find_files([Path(), Path("deep/config.json")], leaving_out("generated/"), [])
    assert [path.as_posix() for path in here.configs] == ["deep/config.json"]
    assert [path.as_posix() for path, _ in here.sources] == ["a.py", "deep/er/c.py"]
    named = find_files([Path("deep/config.json")], leaving_out(), [])
    assert (named.sources, named.configs) == ([], [Path("deep/config.json")])
