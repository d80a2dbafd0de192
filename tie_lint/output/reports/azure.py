"""For Azure Pipelines: logging commands, which become issues of the run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from tie_lint.output.escape import printable
from tie_lint.output.paths import in_repository
from tie_lint.pipeline.report import Report

if TYPE_CHECKING:
    from tie_lint.finding import Finding

FIXES = "none"

_ESCAPES = {"%": "%AZP25", "\r": "%0D", "\n": "%0A", ";": "%3B", "]": "%5D"}


def write(report: Report, stream: TextIO) -> None:
    """Write every finding as one command."""
    for finding in report.findings:
        stream.write(_command(finding) + "\n")


def _command(finding: Finding) -> str:
    line, column, *_ = finding.span
    where = {
        "type": finding.severity,
        "sourcepath": in_repository(finding.path),
        "linenumber": line,
        "columnnumber": column,
        "code": finding.code,
    }
    properties = "".join(f"{key}={_escaped(str(value), _ESCAPES)};" for key, value in where.items())
    message = _escaped(finding.full_message, "%\r\n")
    return f"##vso[task.logissue {properties}]{message}"


def _escaped(text: str, which: Iterable[str]) -> str:
    for character in which:
        text = text.replace(character, _ESCAPES[character])
    return printable(text)
