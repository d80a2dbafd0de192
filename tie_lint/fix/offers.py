"""Fixes of the files of a run: added to the findings."""

from __future__ import annotations

from typing import Literal

from tie_lint.fix.fixer import Fixer
from tie_lint.pipeline.file_job import ActionResult, CheckedFile
from tie_lint.pipeline.linter import Linter


def offer(linter: Linter, file: CheckedFile) -> ActionResult:
    """Give each finding its fix and change nothing."""
    return _offered(linter, file, "each")


def mark(linter: Linter, file: CheckedFile) -> ActionResult:
    """Give the findings fixes that are right together: what there is to fix, in less time."""
    return _offered(linter, file, "together")


def _offered(linter: Linter, file: CheckedFile, fixes: Literal["each", "together"]) -> ActionResult:
    """Give findings their fixes. What is generated has none here: it is fixed where it comes from."""
    text = file.document.text
    if linter.template(file.document) is not None:
        return ActionResult(file.checked.findings, text, fixes=fixes)
    fixer = Fixer(linter, *file)
    findings = fixer.with_fixes() if fixes == "each" else fixer.with_fixes_together()
    return ActionResult(findings, text, tuple(fixer.trials.failures), frozenset(fixer.trials.seen), fixes)
