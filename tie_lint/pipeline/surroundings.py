"""The source files around a file, of which some may import it: those of its repository or package."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path

from tie_lint.pipeline.discovery import CONFIGS, files_below
from tie_lint.pipeline.gitignore import GitIgnore
from tie_lint.pipeline.globs import Match
from tie_lint.pipeline.prefilter import is_without_models
from tie_lint.pipeline.reading import NOTEBOOK
from tie_lint.pipeline.repository import Roots, repository
from tie_lint.python.disk import SOURCES, Disk, below, fingerprint, folder_of, import_root
from tie_lint.record import NamedTuple

MOST_FILES = 20_000
"""Source files around a file that are looked into, which takes a second."""


class Around(NamedTuple):
    """The source files around a file."""

    files: dict[str, bytes]
    """What is in them, without those that cannot be read, and notebooks without models."""
    name: str
    """What stands for all of them together among what was seen."""
    complete: bool
    """Whether these are all: there are none if there are too many."""


class Surroundings:
    """The files around those of a run, found once for all that share them."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._roots: Roots = {}
        self._known: dict[str, Around] = {}

    def of(self, path: Path) -> Around:
        """Return what is around a file: in its git repository, but for what git ignores; else, or where git
        ignores the file itself, in its outermost package and beside that.
        """
        file = str(path.absolute())
        root = repository(folder_of(file), self._roots)
        if root is not None:
            found = self._found(_REPOSITORY.join((root, "")))
            if file in found.files or not found.complete:
                return found
        root, _ = import_root(file, self._disk)
        package, is_in_one, _ = file.removeprefix(below(root, "")).partition(os.sep)
        return self._found(_PACKAGE.join((root, package if is_in_one else "")))

    def _found(self, name: str) -> Around:
        if name not in self._known:
            files = dict[str, bytes]()
            paths = _paths(name)
            for path in paths if len(paths) <= MOST_FILES else ():
                with suppress(OSError):
                    data = self._disk.read(path)
                    if not (path.endswith(NOTEBOOK) and is_without_models(data)):  # and nobody imports one
                        files[path] = data
            self._disk.looked_at(name, lambda _: _stands_for(paths, self._disk))
            self._known[name] = Around(files, name, len(paths) <= MOST_FILES)
        return self._known[name]


_REPOSITORY, _PACKAGE = os.sep * 3, os.sep * 2
"""Between a folder and the name of a package in it, in what stands for the files around a file."""


def look(name: str, disk: Disk) -> str:
    """Return what tells the files of some surroundings, and what is in them, from any others."""
    return _stands_for(_paths(name), disk)


def _stands_for(paths: list[str], disk: Disk) -> str:
    found = [(path, disk.fingerprint(path)) for path in paths] if len(paths) <= MOST_FILES else paths
    return SOURCES + fingerprint(repr(found).encode("utf-8", "surrogatepass"))


def _paths(name: str) -> list[str]:
    """Return the files of some surroundings; at most one more than are looked into."""
    root, _, package = name.partition(_PACKAGE)
    inside = _not_ignored() if package.startswith(os.sep) else _only(package, os.path.realpath(root))
    found = files_below(root, inside, [])
    return [*islice((path for path, name, *_ in found if name not in CONFIGS), MOST_FILES + 1)]


def _not_ignored() -> Callable[[str], Match | None]:
    git = GitIgnore()
    return lambda folder: git.inside(Path(folder))


def _only(package: str, root: str) -> Callable[[str], Match | None]:
    """Leave out the folders of a root but that of a package."""

    def leaves_out(name: str, is_folder: bool) -> bool:
        return is_folder and name != package

    return lambda folder: leaves_out if folder == root else None
