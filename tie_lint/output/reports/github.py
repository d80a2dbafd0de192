"""For GitHub: workflow commands, which become annotations on a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from tie_lint.output.escape import printable
from tie_lint.output.paths import in_repository
from tie_lint.pipeline.report import Report

if TYPE_CHECKING:
    from tie_lint.finding import Finding

FIXES = "none"


def write(report: Report, stream: TextIO) -> None:
    """Write every finding as one command."""
    for finding in report.findings:
        stream.write(_command(finding) + "\n")


def _command(finding: Finding) -> str:
    line, column, end_line, end_column = finding.span
    where = {
        "file": in_repository(finding.path),
        "line": line,
        "endLine": end_line,
        "col": column,
        # GitHub's end column is the last one covered.
        "endColumn": max(end_column - 1, column),
        "title": f"{finding.code} {finding.name}",
    }
    properties = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in where.items())
    text = f"{finding.where}:{finding.line}:{finding.column}: {finding.code} {finding.full_message}"
    return f"::{finding.severity} {properties}::{_escaped(text)}"


def _escaped(text: str, also: str = "") -> str:
    """A value as workflow commands want it: like a URL, but for fewer characters."""
    for character in f"%\r\n{also}":
        text = text.replace(character, f"%{ord(character):02X}")
    return printable(text)
