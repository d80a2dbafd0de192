"""For reviewdog: its Diagnostic Format, whose columns count bytes of UTF-8."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TextIO

from tie_lint.output.paths import in_repository
from tie_lint.pipeline.report import Report

if TYPE_CHECKING:
    from tie_lint.finding import Finding

FIXES = "show"

SOURCE = {"name": "tie-lint", "url": "https://github.com/tie-lint/tie-lint"}


def write(report: Report, stream: TextIO) -> None:
    """Write one object with a diagnostic for every finding."""
    diagnostics = [_diagnostic(finding, report.lines.get(finding.where, [])) for finding in report.findings]
    json.dump({"source": SOURCE, "severity": "WARNING", "diagnostics": diagnostics}, stream, indent=2)
    stream.write("\n")


def _diagnostic(finding: Finding, lines: list[str]) -> dict[str, Any]:
    diagnostic: dict[str, Any] = {
        "message": finding.full_message,
        "location": {"path": in_repository(finding.path), "range": _range(finding.span, lines)},
        "severity": finding.severity.upper(),
        "code": {"value": finding.code, "url": finding.url},
    }
    fix = finding.fix
    if fix is not None and fix.path is None and finding.cell is None:
        diagnostic["suggestions"] = [
            {
                "range": _range((edit.line, edit.column, edit.end_line, edit.end_column), lines),
                "text": edit.text,
            }
            for edit in fix.edits
        ]
    return diagnostic


def _range(span: Sequence[int], lines: list[str]) -> dict[str, Any]:
    line, column, end_line, end_column = span
    return {
        "start": {"line": line, "column": _in_bytes(line, column, lines)},
        "end": {"line": end_line, "column": _in_bytes(end_line, end_column, lines)},
    }


def _in_bytes(line: int, column: int, lines: list[str]) -> int:
    before = lines[line - 1][: column - 1] if 0 < line <= len(lines) else ""
    return column - len(before) + len(before.encode("utf-8", "replace"))
