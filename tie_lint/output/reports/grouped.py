"""For people: the findings of each file below its path, then a summary."""

from __future__ import annotations

from itertools import groupby
from typing import TextIO

from tie_lint.output.escape import one_line
from tie_lint.output.reports.concise import line
from tie_lint.output.summary import write_summary
from tie_lint.output.terminal import write_pieces
from tie_lint.pipeline.report import Report

FIXES = "mark"


def write(report: Report, stream: TextIO) -> None:
    """Write the findings and the summary."""
    for where, group in groupby(report.findings, lambda finding: finding.where):
        findings = list(group)
        write_pieces([(one_line(f"{where}:"), "bold")], stream)
        places = [f"{finding.line}:{finding.column}" for finding in findings]
        width = max(map(len, places))
        for finding, place in zip(findings, places, strict=True):
            write_pieces([(f"  {place:<{width}} ", "blue"), *line(finding)], stream)
        stream.write("\n")
    write_summary(report, stream)
