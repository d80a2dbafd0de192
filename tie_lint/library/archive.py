"""The file format of the bundled facts: many small JSON documents in one file, each readable on its own.

The file is a line that names the format, the length of the index, the index (JSON, deflated), then the
documents, which are known by their numbers. A document is ASCII-only JSON without white space whose
commonest phrases are replaced by single bytes; it is deflated with a dictionary made of text that all
documents share and, nearer, the text of its *model*, an earlier document that resembles it.
:mod:`tie_lint.library.compaction` chooses phrases, shared text and models.
"""

from __future__ import annotations

import functools
import itertools
import json
import re
import zlib
from collections.abc import Sequence
from typing import Any

from tie_lint.record import Data

FORMAT = b"tie-lint facts 1\n"
CODES = [chr(code) for code in [*range(1, 32), *range(127, 256)]]
"""The characters that the JSON of a document never contains: each can stand for a phrase."""
WINDOW = 32768
"""How far back deflate can refer."""
MOST_KEPT = 256
"""How many documents are kept as they are before their phrases are written out: some 5 MB."""

_RAW = -15
_LENGTH = 4


class ArchiveError(Exception):
    """A file of another format, or a damaged one."""


def to_text(document: Any) -> str:
    """Return a document as the JSON that is stored."""
    return json.dumps(document, separators=(",", ":"))


class Phrases:
    """A table of phrases with a one-byte code for each."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self.phrases = list(phrases)
        self._phrase_of = dict(zip(CODES, self.phrases, strict=False))
        self._code = re.compile(f"([{''.join(CODES)}])")

    def encode(self, text: str) -> bytes:
        """Return the text with codes for phrases."""
        pattern, code_of = self._encoder
        return pattern.sub(lambda found: code_of[found.group()], text).encode("latin-1")

    def decode(self, data: bytes) -> str:
        """Return the inverse of :meth:`encode`."""
        parts = self._code.split(data.decode("latin-1"))
        parts[1::2] = [self._phrase_of[code] for code in parts[1::2]]
        return "".join(parts)

    @functools.cached_property
    def _encoder(self) -> tuple[re.Pattern[str], dict[str, str]]:
        longest_first = sorted(self.phrases, key=len, reverse=True)
        pattern = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")
        return pattern, {phrase: code for code, phrase in self._phrase_of.items()}


class Tables(Data):
    """What the documents of an archive share."""

    phrases: Phrases
    shared: bytes
    """Text that stands before every document, with codes for phrases."""

    models: list[int | None]
    """For each document, the number of the one it resembles."""


def dictionary(shared: bytes, model: bytes) -> bytes:
    """Return the text that a document is deflated against."""
    return (shared + model)[-WINDOW:]


def pack(texts: Sequence[str], head: Any, tables: Tables) -> bytes:
    """Return the bytes of an archive, the same for the same arguments; ``head`` is what a reader
    starts from.
    """
    coded = [tables.phrases.encode(text) for text in texts]
    blobs = [
        _deflate(data, dictionary(tables.shared, b"" if model is None else coded[model]))
        for data, model in zip(coded, tables.models, strict=True)
    ]
    index = {
        "head": head,
        "phrases": tables.phrases.phrases,
        "shared": tables.shared.decode("latin-1"),
        "models": tables.models,
        "lengths": [len(blob) for blob in blobs],
    }
    start = zlib.compress(to_text(index).encode(), 9)
    return b"".join([FORMAT, len(start).to_bytes(_LENGTH, "big"), start, *blobs])


class Archive:
    """An archive opened for reading. Raises :class:`ArchiveError` when it is none of this format."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(FORMAT):
            raise ArchiveError(f"expected {FORMAT!r}, found {data[: len(FORMAT)]!r}")
        begin = len(FORMAT) + _LENGTH
        end = begin + int.from_bytes(data[len(FORMAT) : begin], "big")
        try:
            index = json.loads(zlib.decompress(data[begin:end]))
        except (zlib.error, ValueError) as error:
            raise ArchiveError(f"damaged index: {error}") from error
        self.head: Any = index["head"]
        self._tables = Tables(Phrases(index["phrases"]), index["shared"].encode("latin-1"), index["models"])
        self._data = data
        self._starts = list(itertools.accumulate(index["lengths"], initial=end))
        # Documents have models in common: without this, most would be inflated several times.
        self._coded = functools.lru_cache(maxsize=MOST_KEPT)(self._inflate)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def read(self, number: int) -> Any:
        """Return one document. Raises ``IndexError``."""
        return json.loads(self._tables.phrases.decode(self._coded(number)))

    def _inflate(self, number: int) -> bytes:
        model = self._tables.models[number]
        near = b"" if model is None else self._coded(model)
        inflate = zlib.decompressobj(_RAW, zdict=dictionary(self._tables.shared, near))
        return inflate.decompress(self._data[self._starts[number] : self._starts[number + 1]])


def _deflate(data: bytes, text: bytes) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, _RAW, 9, zlib.Z_DEFAULT_STRATEGY, text)
    return deflate.compress(data) + deflate.flush()
