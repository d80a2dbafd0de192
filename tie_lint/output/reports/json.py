"""For programs: one JSON array."""

from __future__ import annotations

from typing import TextIO

from tie_lint.output.json import write_array
from tie_lint.pipeline.report import Report

FIXES = "show"


def write(report: Report, stream: TextIO) -> None:
    """Write every finding as one element."""
    write_array([finding.as_json() for finding in report.findings], "findings", stream)
