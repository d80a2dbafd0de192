"""The files around one that is to be edited, and what in them rests on it, by what their texts mention."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from tie_lint.pipeline.reading import document_of
from tie_lint.pipeline.surroundings import Around, Importing
from tie_lint.python.disk import Disk, below, folder_of, name_of
from tie_lint.python.mentions import Mentions
from tie_lint.python.text import UnreadableSourceError
from tie_lint.record import NamedTuple

INIT = "__init__.py"
MOST_IMPORTERS = 64
"""The files that rest on one, as far as they are followed: in a framework nearly all rest on some."""
MOST_PARSED = 200
"""The files that are parsed to find these: beyond, a framework takes ten seconds."""


class Importer(NamedTuple):
    """A file, and its classes that rest on what is edited in another one."""

    path: Path
    names: frozenset[str]


class Importers:
    """The files around one that is to be edited."""

    def __init__(self, path: Path, around: Callable[[], Around], disk: Disk) -> None:
        """``around`` is asked once there is an edit that may do harm."""
        self._path, self._around, self._disk = str(path.absolute()), around, disk
        self._mentions: dict[str, Mentions | None] = {}
        self._found: dict[frozenset[str], list[Importer] | None] = {}
        self.read: set[str] = set()
        """The files that were read to find out."""

    @cached_property
    def around(self) -> Around:
        """All that was looked into."""
        return self._around()

    def of(self, names: frozenset[str]) -> list[Importer] | None:
        """Return the files with classes that rest on names of the edited one, also by way of other files.

        None where these are too many.
        """
        if names not in self._found:
            self._found[names] = self._importers(names)
        return self._found[names]

    def _importers(self, names: frozenset[str]) -> list[Importer] | None:
        if not self.around.complete:
            return None
        found, parsed = {self._path: names}, set[str]()
        todo = [self._path]
        while todo:
            if len(found) > MOST_IMPORTERS:
                return None
            source = todo.pop()
            for path in self._naming(source, found[source]):
                mentions = self._mentions_of(path)
                parsed.add(path)
                if len(parsed) > MOST_PARSED:
                    return None
                if mentions is None:
                    continue
                known, brought = found.get(path, frozenset()), _brought(mentions, path, source, found[source])
                if not brought <= known:
                    found[path] = known | brought | mentions.dependents(brought)
                    todo.append(path)
        del found[self._path]
        classes = {
            path: rest & mentions.classes
            for path, rest in found.items()
            if (mentions := self._mentions_of(path))
        }
        return [Importer(Path(path), names) for path, names in sorted(classes.items()) if names]

    def _naming(self, source: str, names: Collection[str]) -> list[str]:
        """The files that seem to import a module, and have one of its names where it has to be."""
        importing = self.around.importing.get
        near = [*importing(_module(source), ()), *(importing("", ()) if name_of(source) == INIT else ())]
        wanted = [name.encode("utf-8", "surrogatepass") for name in names]
        found = dict[str, None]()
        for one in near:
            if one.path in found or one.path == self._path or not _may_mean(one, source):
                continue
            if name_of(one.path) == INIT or self._has_one(one, wanted):
                found[one.path] = None
        return [*found]

    def _has_one(self, importing: Importing, names: list[bytes]) -> bool:
        """Whether a file has one of some names where it would have to be to use it."""
        text = self._data(importing.path) if importing.names is None else importing.names
        return (importing.names or b"").startswith(b"*") or any(name in text for name in names)

    def _mentions_of(self, path: str) -> Mentions | None:
        if path not in self._mentions:
            with suppress(UnreadableSourceError):
                self._mentions[path] = mentions_in(document_of(Path(path), path, self._data(path)).text)
        return self._mentions.setdefault(path, None)

    def _data(self, path: str) -> bytes:
        """Read a file anew each time: all of them together may be 50 MB."""
        self.read.add(path)
        try:
            return self._disk.read(path)
        except OSError:
            return b""


def _brought(mentions: Mentions, path: str, source: str, names: Collection[str]) -> set[str]:
    """What a file may import of some names of another, as it calls them."""
    found = set[str]()
    for one in mentions.imports:
        if _may_be(one.module, one.level, path, source):
            if one.name in names:
                found.add(one.bound)
            elif one.name in ("", "*"):
                found.update(names)
        elif one.name and _may_be(f"{one.module}.{one.name}".strip("."), one.level, path, source):
            found.update(names)
    return found


def _may_be(module: str, level: int, path: str, source: str) -> bool:
    """Whether a file means another one by a module; where absolute imports start from is not asked."""
    parts = module.split(".") if module else []
    home = folder_of(source) if name_of(source) == INIT else source.removesuffix(".py")
    if not level:
        return home.endswith(below("", *parts))
    folder = path
    for _ in range(level):
        folder = folder_of(folder)
    return home == below(folder, *parts) if parts else home == folder


def _may_mean(importing: Importing, source: str) -> bool:
    """Whether a file may import another one by what it names, as far as that was read off."""
    name = importing.module.lstrip(".")
    return not importing.module or _may_be(name, len(importing.module) - len(name), importing.path, source)


def _module(path: str) -> str:
    """The last part of the name that a file has as a module."""
    return name_of(folder_of(path)) if name_of(path) == INIT else name_of(path).removesuffix(".py")


def mentions_in(text: str) -> Mentions | None:
    """Return what the names of a text mention; None where it is no Python."""
    try:
        return Mentions(text)
    except UnreadableSourceError:
        return None
