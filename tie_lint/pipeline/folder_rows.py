"""Results of folders as rows of the cache."""

from __future__ import annotations

import os
from typing import Any

from tie_lint.library.target import Targets
from tie_lint.pipeline.cache_rows import as_number, as_text, finding_of, finding_row
from tie_lint.pipeline.folder_result import FolderResult, Note


class FolderRows:
    """Results of folders: findings with their edits of config.json, and with the name of the file."""

    def row(self, outcome: FolderResult) -> list[Any]:
        """Return what is kept of a result."""
        findings = [finding_row(one) for one in outcome.findings]
        code = [[os.path.basename(one.path), finding_row(one)] for one in outcome.code]  # noqa: PTH119
        return [outcome.targets, findings, code, outcome.notes, outcome.warnings, outcome.says_flag]

    def read(self, shown: str, row: list[Any]) -> FolderResult:
        """Return the result of a row. ``shown`` is the path of config.json."""
        (releases, source, told, oldest), findings, code, notes, warnings, says_flag = row
        around = os.path.dirname(shown)  # noqa: PTH120
        return FolderResult(
            Targets(_texts(releases), as_text(source), _texts(told), _texts(oldest)),
            tuple(finding_of(shown, one) for one in findings),
            tuple(finding_of(os.path.join(around, as_text(name)), one) for name, one in code),  # noqa: PTH118
            tuple(map(_note, notes)),
            _texts(warnings),
            bool(says_flag),
        )


def _texts(row: list[Any]) -> tuple[str, ...]:
    return tuple(map(as_text, row))


def _note(row: list[Any]) -> Note:
    file, code, line, column, text, severity = row
    if severity not in ("error", "warning"):
        raise ValueError("severity")
    return Note(as_text(file), as_text(code), as_number(line), as_number(column), as_text(text), severity)
