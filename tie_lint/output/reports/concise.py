"""For people and editors: a line for each finding, then a summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from tie_lint.output.escape import one_line
from tie_lint.output.summary import write_summary
from tie_lint.output.terminal import Piece, coloured, write_pieces
from tie_lint.pipeline.report import Report

if TYPE_CHECKING:
    from tie_lint.finding import Finding

FIXES = "mark"


def write(report: Report, stream: TextIO) -> None:
    """Write the findings and the summary."""
    for finding in report.findings:
        write_pieces(
            [(one_line(f"{finding.where}:{finding.line}:{finding.column}: "), "bold"), *line(finding)], stream
        )
    write_summary(report, stream)


def line(finding: Finding) -> Iterator[Piece]:
    """Yield what a line says of a finding after its place: "[*]" is what can be fixed safely."""
    yield finding.code, f"{coloured(finding.severity)} link {finding.url}"
    if finding.fix is not None and finding.fix.safe:
        yield " [*]", "cyan"
    yield one_line(f" {finding.message}"), ""
    where = f" in {finding.stretch}" if finding.stretch else ""
    yield f" ({finding.severity}{where})", "dim"
