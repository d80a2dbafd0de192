"""A report as GitHub workflow commands, which become annotations on a pull request."""

from __future__ import annotations

from typing import TextIO

from tie_lint.finding import Finding
from tie_lint.output.escape import printable
from tie_lint.pipeline.report import Report


def write(report: Report, stream: TextIO) -> None:
    """Write every finding as one command."""
    for finding in report.findings:
        stream.write(_command(finding) + "\n")


def _command(finding: Finding) -> str:
    where = {
        "file": finding.path,
        "line": finding.line,
        "endLine": finding.end_line,
        "col": finding.column,
        # GitHub's end column is the last one covered.
        "endColumn": max(finding.end_column - 1, finding.column),
        "title": f"{finding.code} {finding.name}",
    }
    properties = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in where.items())
    text = _escaped(f"{finding.path}:{finding.line}:{finding.column}: {finding.code} {finding.message}")
    return f"::{finding.severity} {properties}::{text}"


def _escaped(text: str, also: str = "") -> str:
    """A value as workflow commands want it: like a URL, but for fewer characters."""
    for character in f"%\r\n{also}":
        text = text.replace(character, f"%{ord(character):02X}")
    return printable(text)
