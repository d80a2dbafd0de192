"""The file format of bundled facts: many JSON documents in one file, each readable on its own.

A file is a line that names the format, the length of the index, the zlib-compressed index, then the
documents. A document is JSON whose commonest phrases are replaced by single bytes, deflated with a
dictionary that all documents of the file share. Both tables come from :mod:`tie_lint.library.compaction`.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

FORMAT = b"tie-lint facts 1\n"
CODES = [chr(code) for code in [*range(1, 32), *range(127, 256)]]
"""Characters that never occur in ASCII-only JSON without white space: each stands for a phrase."""

_WINDOW_BITS = -15
_LENGTH = 4


class ArchiveError(Exception):
    """A file of another format, or a damaged one."""


def to_text(document: Any) -> str:
    """A document as the JSON text that is stored."""
    return json.dumps(document, separators=(",", ":"))


class Phrases:
    """A table of phrases with a one-byte code for each."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self.phrases = list(phrases)
        self._coded = dict(zip(CODES, self.phrases, strict=False))
        self._codes = {phrase: code for code, phrase in self._coded.items()}
        longest_first = sorted(self.phrases, key=len, reverse=True)
        self._phrase = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")
        self._code = re.compile(f"[{''.join(CODES)}]")

    def encode(self, text: str) -> bytes:
        """The text with codes for phrases."""
        return self._phrase.sub(lambda found: self._codes[found.group()], text).encode("latin-1")

    def decode(self, data: bytes) -> str:
        """The inverse of :meth:`encode`."""
        return self._code.sub(lambda found: self._coded[found.group()], data.decode("latin-1"))


def pack(documents: Mapping[str, Any], head: Any, phrases: Phrases, dictionary: bytes) -> bytes:
    """The bytes of an archive; the same for the same arguments."""
    blobs = {
        name: _deflate(phrases.encode(to_text(document)), dictionary)
        for name, document in sorted(documents.items())
    }
    index = {
        "head": head,
        "phrases": phrases.phrases,
        "dictionary": dictionary.decode("latin-1"),
        "lengths": {name: len(blob) for name, blob in blobs.items()},
    }
    start = zlib.compress(to_text(index).encode(), 9)
    return b"".join([FORMAT, len(start).to_bytes(_LENGTH, "big"), start, *blobs.values()])


class Archive:
    """An archive opened for reading."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(FORMAT):
            raise ArchiveError(f"expected {FORMAT!r}, found {data[: len(FORMAT)]!r}")
        begin = len(FORMAT) + _LENGTH
        end = begin + int.from_bytes(data[len(FORMAT) : begin], "big")
        index = json.loads(zlib.decompress(data[begin:end]))
        self.head: Any = index["head"]
        self._phrases = Phrases(index["phrases"])
        self._dictionary = index["dictionary"].encode("latin-1")
        self._data = data
        self._places: dict[str, tuple[int, int]] = {}
        for name, length in index["lengths"].items():
            self._places[name] = (end, end + length)
            end += length

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def names(self) -> list[str]:
        """The names of all documents."""
        return list(self._places)

    def read(self, name: str) -> Any:
        """One document. Raises ``KeyError``."""
        begin, end = self._places[name]
        inflate = zlib.decompressobj(_WINDOW_BITS, zdict=self._dictionary)
        return json.loads(self._phrases.decode(inflate.decompress(self._data[begin:end])))


def _deflate(data: bytes, dictionary: bytes) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, _WINDOW_BITS, 9, zlib.Z_DEFAULT_STRATEGY, dictionary)
    return deflate.compress(data) + deflate.flush()
