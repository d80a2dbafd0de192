"""JSON of unknown origin: bounded in size, in the number of its values and in depth."""

from __future__ import annotations

import codecs
import json
import os
from pathlib import Path
from typing import Any

from tie_lint.checkpoint.errors import CheckpointError
from tie_lint.checkpoint.files import open_plain

MOST_VALUES = 6_000_000
"""More commas and brackets than any index needs: 400 000 tensors take 3 200 000 in a header."""


def read_object(path: Path, most_bytes: int, *, unique: bool = False) -> dict[str, Any]:
    """Read the one object that a JSON file holds.

    ``unique`` refuses a key that an object has twice; otherwise the last one counts, as it does for the
    library. Raises ``CheckpointError``.
    """
    with open_plain(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most_bytes:
            raise CheckpointError(path, f"is {size:,} bytes of JSON, more than the {most_bytes:,} allowed")
        return parse_object(file.read(most_bytes + 1), path, unique=unique)


def parse_object(data: bytes, path: Path, *, unique: bool = False) -> dict[str, Any]:
    """Parse one JSON object; see :func:`read_object`. ``path`` is for the message."""
    if sum(data.count(sign) for sign in (b",", b"[", b"{")) > MOST_VALUES:
        raise CheckpointError(path, f"has more than {MOST_VALUES:,} values")
    try:
        found = _parse(data, unique)
    except RecursionError:
        raise CheckpointError(path, "is nested too deeply") from None
    except ValueError as error:
        raise CheckpointError(path, _problem(error)) from None
    if not isinstance(found, dict):
        raise CheckpointError(path, "holds no JSON object")
    return found


def _parse(data: bytes, unique: bool) -> Any:
    """Parse JSON. Raises ``ValueError``, for a key that is there twice as well if they are to be unique."""
    text = decode(data)
    found = json.loads(text)
    # To look at every pair takes as long again. With no more colons than keys there is none twice.
    if unique and _keys(found) < data.count(b":"):
        json.loads(text, object_pairs_hook=_unique)
    return found


def decode(data: bytes) -> str:
    """Return the text of JSON, which the library reads as UTF-8 without a mark. Raises ``ValueError``."""
    if data.startswith(_MARKS):
        raise ValueError("it begins with a byte order mark, and not with UTF-8 as the library reads it")
    return data.decode("utf-8")


_MARKS = codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE


def _problem(error: ValueError) -> str:
    """Say what is wrong with a text. A number may be valid JSON, and be too long for Python all the same."""
    if type(error) is ValueError and "set_int_max_str_digits" in str(error):
        return "holds a number of more digits than Python reads"
    return f"is no valid JSON: {error}"


def _keys(value: Any) -> int:
    """Return how many keys there are in a value and below it."""
    count, todo = 0, [value]
    while todo:
        item = todo.pop()
        if type(item) is dict:
            count += len(item)
            todo += [one for one in item.values() if type(one) in _NESTED]
        else:
            todo += [one for one in item if type(one) in _NESTED] if type(item) is list else ()
    return count


_NESTED = frozenset({dict, list})


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the name {twice[:200]!r} is there twice")
    return found
