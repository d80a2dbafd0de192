"""The text of a Python file, and why there is none."""

from __future__ import annotations

import re
from contextlib import suppress

_NEWLINE = re.compile(r"\r\n|\r|\n")
_CODING = re.compile(rb"coding[:=][ \t]*([-\w.]*)")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class UnreadableSourceError(Exception):
    """A file that is not decodable or not Python; ``line`` and ``column`` count from 1."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.reason, self.line, self.column = reason, line, column


def decode(data: bytes) -> str:
    """Return the text of a Python file: BOM and coding cookie honoured.

    Raises :class:`UnreadableSourceError` when the bytes do not fit the declared encoding.
    """
    if is_meant_as_utf_8(data):  # else tokenize is imported, which takes as long as reading many files
        with suppress(UnicodeDecodeError):
            return data.decode()
    return _decode_as_declared(data)


def is_meant_as_utf_8(data: bytes) -> bool:
    """Return whether there is no byte order mark, nor a declaration of another encoding, in whatever form."""
    head = _first_lines(data)
    named = _CODING.findall(head) if b"coding" in head else ()
    return all(name.lower() in (b"utf-8", b"utf8") for name in named) and not data.startswith(
        _BYTE_ORDER_MARK
    )


def _first_lines(data: bytes) -> bytes:
    """The two lines that an encoding may be declared in."""
    first = data.find(b"\n")
    second = data.find(b"\n", first + 1)
    return data if min(first, second) < 0 else data[:second]


def encoding_of(data: bytes) -> str:
    """Return the name of the codec that a file declares. Raises :class:`UnreadableSourceError`."""
    import io
    import tokenize

    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError as error:
        raise UnreadableSourceError(f"unknown encoding: {error}") from error


def _decode_as_declared(data: bytes) -> str:
    try:
        return data.decode(encoding_of(data))
    except LookupError as error:
        raise UnreadableSourceError(f"unknown encoding: {error}") from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableSourceError(f"not {error.encoding}: {error.reason}", line) from error
    except Exception as error:  # a codec may raise anything
        raise UnreadableSourceError(f"not decodable: {error}") from error


def split_lines(text: str) -> list[str]:
    """Return lines as the Python parser counts them (form feeds and Unicode separators do not end one)."""
    return _NEWLINE.split(text) if "\r" in text else text.split("\n")
