"""The requirements of the projects around files, nearest first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from tie_lint.record import NamedTuple
from tie_lint.requirements.source import SourceFile, Stated

Reader = Callable[[SourceFile], Iterator[Stated]]


class Kind(NamedTuple):
    """A kind of files, and what reads them."""

    module: str
    """Which module here; it is imported when such a file is there."""
    reader: str
    start: str
    ends: tuple[str, ...] = ("",)
    """How the names begin and end; with no end the name is the whole one."""

    def has(self, name: str) -> bool:
        """Return whether a file of that name is of this kind."""
        return (
            name == self.start
            if self.ends == ("",)
            else name.startswith(self.start) and name.endswith(self.ends)
        )

    def read(self, source: SourceFile) -> Iterator[Stated]:
        """Yield what a file of this kind requires."""
        reader: Reader = getattr(import_module(f"tie_lint.requirements.{self.module}"), self.reader)
        return reader(source)


PIP = Kind("pip_files", "stated", "requirements", (".txt", ".in"))
KINDS = (
    Kind("pyproject", "stated", "pyproject.toml"),
    Kind("setuptools_files", "stated_in_cfg", "setup.cfg"),
    Kind("setuptools_files", "stated_in_setup", "setup.py"),
    PIP,
    Kind("pyproject", "stated_by_pixi", "pixi.toml"),
    Kind("environments", "stated_by_conda", "environment", (".yml", ".yaml")),
    Kind("environments", "stated_by_lock", "uv.lock"),
    Kind("environments", "stated_by_lock", "poetry.lock"),
    Kind("environments", "stated_by_lock", "pdm.lock"),
    Kind("environments", "stated_by_lock", "pylock", (".toml",)),
    Kind("environments", "stated_by_pixi_lock", "pixi.lock"),
)
"""The files of a project's root, in the order in which they count. What a lock file says counts only where
nobody has asked for a version."""

FOLDER = "requirements"
"""A folder whose files count like ``requirements.txt``."""


class Requirements:
    """What the projects around files require, each folder read once."""

    def __init__(self) -> None:
        self._known: dict[Path, _Folder] = {}

    def around(self, start: Path, warnings: list[str]) -> Iterator[Stated]:
        """Yield what is stated in ``start`` and upwards, no further than the root of a git repository.

        A requirement without a version says nothing. Adds to ``warnings`` what could not be read.
        """
        for path in (start, *start.parents):
            if path not in self._known:
                self._known[path] = _Folder(path)
            folder = self._known[path]
            warnings += folder.warnings
            yield from folder.stated
            if folder.is_root:
                return


class _Folder:
    """What the files of one folder require."""

    def __init__(self, path: Path) -> None:
        names = _names(path)
        self.warnings: list[str] = []
        self.is_root = ".git" in names
        self.stated = [stated for source, kind in self._sources(path, names) for stated in kind.read(source)]

    def _sources(self, path: Path, names: list[str]) -> Iterator[tuple[SourceFile, Kind]]:
        for kind in KINDS:
            for name in names:
                if kind.has(name):
                    yield SourceFile(path / name, self.warnings), kind
            if kind is PIP and FOLDER in names:
                for name in _names(path / FOLDER):
                    if name.endswith(PIP.ends):
                        yield SourceFile(path / FOLDER / name, self.warnings), kind


def _names(folder: Path) -> list[str]:
    """The names in a folder, short ones first: ``requirements.txt`` before ``requirements-dev.txt``."""
    try:
        return sorted(os.listdir(folder), key=lambda name: (len(name), name))  # noqa: PTH208 - names alone
    except OSError:
        return []
