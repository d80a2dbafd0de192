"""A report as one JSON array."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TextIO

from tie_lint.output.schema import load
from tie_lint.pipeline.report import Report


def write(report: Report, stream: TextIO) -> None:
    """Write every finding as one element."""
    write_array([finding.as_json() for finding in report.findings], "findings", stream)


def write_array(elements: Sequence[dict[str, Any]], schema: str, stream: TextIO) -> None:
    """Write the elements with the keys of a schema, in its order; one that is missing is an error."""
    keys = load(schema)["items"]["properties"]
    json.dump([{key: element[key] for key in keys} for element in elements], stream, indent=2)
    stream.write("\n")
