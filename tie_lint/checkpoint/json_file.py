"""JSON of unknown origin: bounded in size, in the number of its values and in depth."""

from __future__ import annotations

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
        found = json.loads(data.decode("utf-8"), object_pairs_hook=_unique if unique else None)
    except RecursionError:
        raise CheckpointError(path, "is nested too deeply") from None
    except ValueError as error:
        raise CheckpointError(path, f"is no valid JSON: {error}") from None
    if not isinstance(found, dict):
        raise CheckpointError(path, "holds no JSON object")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the name {twice[:200]!r} is there twice")
    return found
