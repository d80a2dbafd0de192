"""The requirements of the projects around files, nearest first."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tie_lint.requirements import environments, pip_files, pyproject, setuptools_files
from tie_lint.requirements.source import SourceFile, Stated

Reader = Callable[[SourceFile], Iterator[Stated]]

READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (re.compile(r"pyproject\.toml"), pyproject.stated),
    (re.compile(r"setup\.cfg"), setuptools_files.stated_in_cfg),
    (re.compile(r"setup\.py"), setuptools_files.stated_in_setup),
    (re.compile(r"requirements.*\.(txt|in)"), pip_files.stated),
    (re.compile(r"pixi\.toml"), pyproject.stated_by_pixi),
    (re.compile(r"environment.*\.ya?ml"), environments.stated_by_conda),
    (re.compile(r"(uv|poetry|pdm)\.lock|pylock(\..+)?\.toml"), environments.stated_by_lock),
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
        self.stated = [stated for source, reader in self._sources(path, names) for stated in reader(source)]

    def _sources(self, path: Path, names: list[str]) -> Iterator[tuple[SourceFile, Reader]]:
        for pattern, reader in READERS:
            for name in names:
                if pattern.fullmatch(name):
                    yield SourceFile(path / name, self.warnings), reader
            if reader is pip_files.stated and FOLDER in names:
                for name in _names(path / FOLDER):
                    if name.endswith((".txt", ".in")):
                        yield SourceFile(path / FOLDER / name, self.warnings), reader


def _names(folder: Path) -> list[str]:
    """The names in a folder, short ones first: ``requirements.txt`` before ``requirements-dev.txt``."""
    try:
        return sorted(os.listdir(folder), key=lambda name: (len(name), name))  # noqa: PTH208 - names alone
    except OSError:
        return []
