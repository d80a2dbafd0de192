"""The files around one that is to be edited, and what in them rests on it, by what their texts mention."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from tie_lint.pipeline.reading import document_of
from tie_lint.pipeline.surroundings import Around
from tie_lint.python.disk import folder_of, name_of
from tie_lint.python.mentions import Mentions
from tie_lint.python.outline import parse
from tie_lint.python.text import UnreadableSourceError
from tie_lint.record import NamedTuple

INIT = "__init__.py"
_IMPORTS = rb"\b(?:from|import)\b[^\n]*\b%b\b|\bfrom[ \t]+\.+[ \t]+import\b"
"""What a statement looks like that imports something of a module or of the package that it is in."""


class Importer(NamedTuple):
    """A file, and its classes that rest on what is edited in another one."""

    path: Path
    names: frozenset[str]


class Importers:
    """The files around one that is to be edited."""

    def __init__(self, path: Path, around: Callable[[], Around]) -> None:
        """``around`` is asked once there is an edit that may do harm."""
        self._path, self._around = str(path.absolute()), around
        self._mentions: dict[str, Mentions | None] = {}
        self._found: dict[frozenset[str], list[Importer]] = {}

    @cached_property
    def around(self) -> Around:
        """All that was looked into."""
        return self._around()

    def of(self, names: frozenset[str]) -> list[Importer]:
        """Return the files with classes that rest on names of the edited one, also by way of other files."""
        if names not in self._found:
            self._found[names] = [*self._importers(names)]
        return self._found[names]

    def _importers(self, names: frozenset[str]) -> Iterator[Importer]:
        found = {self._path: names}
        todo = [self._path]
        while todo:
            source = todo.pop()
            for path in self._naming(source, found[source]):
                mentions = self._mentions_of(path)
                if mentions is None:
                    continue
                known, brought = found.get(path, frozenset()), _brought(mentions, source, found[source])
                if not brought <= known:
                    found[path] = known | brought | mentions.dependents(brought)
                    todo.append(path)
        for path, rest in sorted(found.items()):
            mentions = self._mentions_of(path) if path != self._path else None
            if mentions and not rest.isdisjoint(mentions.classes):
                yield Importer(Path(path), rest & mentions.classes)

    def _naming(self, source: str, names: Collection[str]) -> list[str]:
        """The files whose text seems to import a module, and has one of its names where it has to."""
        module = _module(source).encode("utf-8", "surrogatepass")
        imports = re.compile(_IMPORTS % re.escape(module))
        wanted = [*(name.encode("utf-8", "surrogatepass") for name in names), b"import *"]
        return [
            path
            for path, data in self.around.files.items()
            if path != self._path
            and (module in data or name_of(source) == INIT)
            and (name_of(path) == INIT or any(name in data for name in wanted))
            and imports.search(data)
        ]

    def _mentions_of(self, path: str) -> Mentions | None:
        if path not in self._mentions:
            with suppress(UnreadableSourceError):
                text = document_of(Path(path), path, self.around.files[path]).text
                self._mentions[path] = mentions_in(text)
        return self._mentions.setdefault(path, None)


def _brought(mentions: Mentions, source: str, names: Collection[str]) -> set[str]:
    """What a file may import of some names of another, as it calls them."""
    found = set[str]()
    for one in mentions.imports:
        if one.module == _module(source) or (one.module == "" and name_of(source) == INIT):
            if one.name in names:
                found.add(one.bound)
            elif one.name in ("", "*"):
                found.update(names)
        elif one.name == _module(source):
            found.update(names)
    return found


def _module(path: str) -> str:
    """The last part of the name that a file has as a module."""
    return name_of(folder_of(path)) if name_of(path) == INIT else name_of(path).removesuffix(".py")


def mentions_in(text: str) -> Mentions | None:
    """Return what the names of a text mention; None where it is no Python."""
    try:
        return Mentions(parse(text))
    except UnreadableSourceError:
        return None
