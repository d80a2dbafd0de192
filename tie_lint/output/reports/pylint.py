"""For what reads the output of pylint: a line for each finding, ``path:line: [CODE] message``."""

from __future__ import annotations

from typing import TextIO

from tie_lint.output.escape import one_line
from tie_lint.pipeline.report import Report

FIXES = "none"


def write(report: Report, stream: TextIO) -> None:
    """Write every finding as one line."""
    for finding in report.findings:
        text = f"{finding.path}:{finding.span[0]}: [{finding.code}] {finding.full_message}"
        stream.write(one_line(text) + "\n")
