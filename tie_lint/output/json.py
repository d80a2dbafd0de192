"""JSON by a schema."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TextIO

from tie_lint.output.schema import load


def rows(elements: Sequence[dict[str, Any]], schema: str) -> list[dict[str, Any]]:
    """Return the elements with the keys of a schema, in its order; one that is missing is an error."""
    keys = load(schema)["items"]["properties"]
    return [{key: element[key] for key in keys} for element in elements]


def write_array(elements: Sequence[dict[str, Any]], schema: str, stream: TextIO) -> None:
    """Write the elements as one array, by a schema."""
    stream.write(json.dumps(rows(elements, schema), indent=2))  # dump() writes each name by itself
    stream.write("\n")
