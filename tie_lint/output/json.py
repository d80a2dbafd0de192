"""A report as one JSON array."""

from __future__ import annotations

import json
from typing import TextIO

from tie_lint.pipeline.check import Report


def write(report: Report, stream: TextIO) -> None:
    """Write every finding as one element."""
    json.dump([finding.as_json() for finding in report.findings], stream, indent=2)
    stream.write("\n")
