"""Results of folders as rows of the cache."""

from __future__ import annotations

import os
from typing import Any

from tie_lint.finding import Edit, Finding, Fix
from tie_lint.library.target import Targets
from tie_lint.pipeline.cache_rows import as_number, as_text, finding_of, finding_row
from tie_lint.pipeline.folder_result import FolderResult, Note


class FolderRows:
    """Results of folders: findings with their edits of config.json, and with the name of the file."""

    def row(self, outcome: FolderResult) -> list[Any]:
        """Return what is kept of a result."""
        findings = [[finding_row(one), _edits(one)] for one in outcome.findings]
        code = [[os.path.basename(one.path), finding_row(one)] for one in outcome.code]  # noqa: PTH119
        return [outcome.targets, findings, code, outcome.notes, outcome.warnings, outcome.says_flag]

    def read(self, shown: str, row: list[Any]) -> FolderResult:
        """Return the result of a row. ``shown`` is the path of config.json."""
        (releases, source, told), findings, code, notes, warnings, says_flag = row
        around = os.path.dirname(shown)  # noqa: PTH120
        return FolderResult(
            Targets(tuple(map(as_text, releases)), as_text(source), tuple(map(as_text, told))),
            tuple(_finding(shown, one, edits) for one, edits in findings),
            tuple(finding_of(os.path.join(around, as_text(name)), one) for name, one in code),  # noqa: PTH118
            tuple(map(_note, notes)),
            tuple(map(as_text, warnings)),
            bool(says_flag),
        )


def _edits(finding: Finding) -> list[list[Any]]:
    edits = () if finding.fix is None else finding.fix.edits
    return [[one.line, one.column, one.end_line, one.end_column, one.text] for one in edits]


def _finding(shown: str, row: list[Any], edits: list[list[Any]]) -> Finding:
    from dataclasses import replace

    made = tuple(Edit.of([*map(as_number, span)], as_text(text)) for *span, text in edits)
    return replace(finding_of(shown, row), fix=Fix(False, made) if made else None)


def _note(row: list[Any]) -> Note:
    file, code, line, column, text, severity = row
    if severity not in ("error", "warning"):
        raise ValueError("severity")
    return Note(as_text(file), as_text(code), as_number(line), as_number(column), as_text(text), severity)
