"""For programs: a JSON object on a line of its own for each finding."""

from __future__ import annotations

import json
from typing import TextIO

from tie_lint.output.json import rows
from tie_lint.pipeline.report import Report

FIXES = "show"


def write(report: Report, stream: TextIO) -> None:
    """Write every finding as one line."""
    for row in rows([finding.as_json() for finding in report.findings], "findings"):
        stream.write(json.dumps(row) + "\n")
