"""The files around one that is to be edited, and what in them rests on it, by what their texts mention."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from tie_lint.pipeline.document import Document
from tie_lint.pipeline.reading import document_of
from tie_lint.pipeline.surroundings import Around
from tie_lint.python.disk import Disk
from tie_lint.python.mentions import Mentions
from tie_lint.python.outline import parse
from tie_lint.python.text import UnreadableSourceError
from tie_lint.record import NamedTuple


class Importer(NamedTuple):
    """A file with names that rest on what is edited in another one."""

    path: Path
    names: frozenset[str]


class Importers:
    """The files around one that is to be edited."""

    def __init__(self, path: Path, around: Callable[[], Around], disk: Disk) -> None:
        """``around`` is asked once there is an edit that may do harm."""
        self._path, self._around, self._disk = str(path.absolute()), around, disk
        self._mentions: dict[str, Mentions | None] = {}

    @cached_property
    def around(self) -> Around:
        """All that was looked into."""
        return self._around()

    def of(self, names: Collection[str]) -> Iterator[Importer]:
        """Yield the files in which something rests on names of the edited one, however many lie between."""
        found: dict[str, frozenset[str]] = {}
        known, new = {*names}, True
        while new:
            further = set[str]()
            for path, mentions in self._mentioning(known):
                rest = mentions.dependents(known - mentions.defined)
                if rest:
                    found[path] = frozenset(rest)
                    further |= rest
            new = not further <= known
            known |= further
        return map(Importer, map(Path, found), found.values())

    def _mentioning(self, names: Iterable[str]) -> Iterator[tuple[str, Mentions]]:
        """The files that have one of some names in them."""
        wanted = [name.encode("utf-8", "surrogatepass") for name in names]
        for path, data in self._data.items():
            if any(name in data for name in wanted):
                if path not in self._mentions:
                    self._mentions[path] = _mentions_of(document_of(Path(path), path, data))
                mentions = self._mentions[path]
                if mentions is not None:
                    yield path, mentions

    @cached_property
    def _data(self) -> dict[str, bytes]:
        found = {}
        for path in sorted(self.around.files):
            if path != self._path:
                with suppress(OSError):
                    found[path] = self._disk.read(path)
        return found


def _mentions_of(document: Document) -> Mentions | None:
    with suppress(UnreadableSourceError):
        return mentions_in(document.text)
    return None


def mentions_in(text: str) -> Mentions | None:
    """Return what the names of a text mention; None where it is no Python."""
    try:
        return Mentions(parse(text))
    except UnreadableSourceError:
        return None
