"""The source files around a file, of which some may import it: those of its repository or package."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

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


class Importing(NamedTuple):
    """That a file seems to import a module."""

    path: str
    module: str
    """The module's whole name, with the dots of a relative import; "" where it was not read off."""
    names: bytes | None
    """The text of all that it imports from there; None where it may use anything of the module."""


class Around(NamedTuple):
    """The source files around a file."""

    files: frozenset[str]
    importing: Mapping[str, list[Importing]]
    """Those that seem to import a module, by the last part of its name; "" is that of the package in
    ``from . import name``. Notebooks without models are left out: nobody imports one."""
    name: str
    """What stands for all of them together among what was seen."""
    state: str
    """What tells them, and what they import, from any others."""
    complete: bool
    """Whether these are all: there are none if there are too many."""


class Surroundings:
    """The files around those of a run, looked into once for all that share them."""

    def __init__(self) -> None:
        self._roots: Roots = {}
        self._known: dict[str, Around] = {}

    def of(self, path: Path, disk: Disk) -> Around:
        """Return what is around a file: in its git repository, but for what git ignores; else, or where git
        ignores the file itself, in its outermost package and beside that.
        """
        file = str(path.absolute())
        root = repository(folder_of(file), self._roots)
        if root is not None:
            found = self._found(_REPOSITORY.join((root, "")), disk)
            if file in found.files or not found.complete:
                return found
        root, _ = import_root(file, disk)
        package, is_in_one, _ = file.removeprefix(below(root, "")).partition(os.sep)
        return self._found(_PACKAGE.join((root, package if is_in_one else "")), disk)

    def _found(self, name: str, disk: Disk) -> Around:
        if name not in self._known:
            self._known[name] = _around(name, disk)
        disk.looked_at(name, lambda _: self._known[name].state)
        return self._known[name]


def _around(name: str, disk: Disk) -> Around:
    paths = _paths(name)
    importing = _importing(paths, disk)
    complete = len(paths) <= MOST_FILES
    state = " ".join((SOURCES + _contents(paths, disk), _imports(paths, importing)))
    return Around(frozenset(paths if complete else ()), importing, name, state, complete)


def _importing(paths: list[str], disk: Disk) -> dict[str, list[Importing]]:
    importing: defaultdict[str, list[Importing]] = defaultdict(list)
    for path in paths if len(paths) <= MOST_FILES else ():
        with suppress(OSError):
            data = disk.read(path)
            if not (path.endswith(NOTEBOOK) and is_without_models(data)):
                for word, module, names in _imported(data):
                    importing[word].append(Importing(path, module, names))
    return importing


def _imported(data: bytes) -> set[tuple[str, str, bytes | None]]:
    """The words that stand where a statement names modules, or what may be modules of a package; each with
    the name that it ends, and what is imported from that."""
    found = set[tuple[bytes, bytes, bytes | None]]()
    end = 0
    for keyword in _KEYWORD.finditer(data):
        first = max(keyword.start() - _LONGEST, end)  # of a line that is the whole file, too, only so much
        start = max(data.rfind(b"\n", first, keyword.start()) + 1, first)
        statement = _STATEMENT.match(data, start)
        if statement is not None:
            package, names, modules = statement.groups()
            if package:
                names = names.strip()
                found.add((package.rpartition(b".")[2], package, None if _goes_on(names) else names))
                lead = package if package.endswith(b".") else package + b"."
                found.update((word, lead + word, None) for word in _WORD.findall(names))
            else:
                found.update((word, b"", None) for word in _WORD.findall(modules))
            end = statement.end()
    return {
        (word.decode("utf-8", "replace"), name.decode("utf-8", "replace"), names)
        for word, name, names in found
    }


def _goes_on(names: bytes) -> bool:
    """Whether the names of a statement may go on after what was read off: on the next line, or after a
    bracket in a comment."""
    if names.startswith(b"*"):
        return False
    return b"#" in names[names.rfind(b"\n") + 1 :] if names.startswith(b"(") else b"\\" in names


_LONGEST = 200
"""Bytes before the word ``import`` in which the statement begins."""
_KEYWORD = re.compile(rb"import\b")
"""It begins with letters and so is searched for seven times as fast; :data:`_STATEMENT` looks before it."""
_STATEMENT = re.compile(
    rb"""(?:[^\n]{0,200}[:;])?[ \t"]*"""
    rb"""(?:from[ \t]+([.\w]+)[ \t]+import\b[ \t]*(\([^)]*|[^\n]*)|import[ \t]+([^\n]+))"""
)
_WORD = re.compile(rb"[\w\x80-\xff]+")


_REPOSITORY, _PACKAGE = os.sep * 3, os.sep * 2
"""Between a folder and the name of a package in it, in what stands for the files around a file."""


def are_as_before(name: str, before: str, disk: Disk) -> bool:
    """Return whether the files of some surroundings are those that they were, and import the same: which
    need not be read off where all of them hold what they held."""
    contents, _, imports = before.partition(" ")[2].partition(" ")
    paths = _paths(name)
    return contents == _contents(paths, disk) or imports == _imports(paths, _importing(paths, disk))


def _contents(paths: list[str], disk: Disk) -> str:
    return _digest([(path, disk.fingerprint(path)) for path in paths] if len(paths) <= MOST_FILES else paths)


def _imports(paths: list[str], importing: Mapping[str, list[Importing]]) -> str:
    found = sorted(repr((word, *one)) for word, several in importing.items() for one in several)
    return _digest([paths, found])


def _digest(values: list[Any]) -> str:
    return fingerprint(repr(values).encode("utf-8", "surrogatepass"))


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
