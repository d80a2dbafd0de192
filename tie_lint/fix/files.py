"""Fixes of the files of a run: added to the findings, shown as diffs, or written."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tie_lint.finding import Finding
from tie_lint.fix.fixer import Fixer
from tie_lint.fix.write import NotWrittenError, encoded, replace
from tie_lint.pipeline.check import Report
from tie_lint.pipeline.document import Document
from tie_lint.pipeline.file_job import ActionResult, CheckedFile
from tie_lint.pipeline.linter import Linter

MOST_PASSES = 5
"""How often all files are checked again because one of them was written."""

_LINE = re.compile(r"[^\n]*\n|[^\n]+")

Run = Callable[..., Report]
"""A run over the files, which takes what is to be done to each as ``action``."""


def offer(linter: Linter, file: CheckedFile) -> ActionResult:
    """Give each finding its fix and change nothing."""
    fixer = Fixer(linter, *file)
    return ActionResult(fixer.with_fixes(), file.document.text, tuple(fixer.failures))


def fix(run: Run, unsafe: bool) -> Report:
    """Fix and write the files until nothing is left to fix; a file may gain by what was done to another."""
    action = _Write(unsafe)
    for _ in range(MOST_PASSES):
        before = len(action.fixed)
        report = run(action=action)
        if len(action.fixed) == before:
            break
    report.fixed, report.warnings = action.fixed, list(action.warnings)
    return report


def diff(run: Run, unsafe: bool) -> Report:
    """Fix the files one by one and show what :func:`fix` would write at first."""
    action = _Diff(unsafe)
    report = run(action=action)
    report.fixed, report.diffs, report.warnings = action.fixed, action.diffs, list(action.warnings)
    return report


class _Write:
    """Makes the fixes and writes the files."""

    def __init__(self, unsafe: bool) -> None:
        self._unsafe = unsafe
        self.fixed: list[Finding] = []
        self.warnings: dict[str, None] = {}
        """What was not done and why, each once."""
        self._refused: set[Path] = set()

    def __call__(self, linter: Linter, file: CheckedFile) -> ActionResult:
        """Return the findings that are left in a file, and its text now."""
        document = file.document
        fixer = Fixer(linter, *file)
        result = fixer.fix(self._unsafe)
        for found in result.withheld:
            what = f"{document.shown}:{found.line}: {found.code} not fixed"
            self.warnings[f"{what}: what could be done would bring a new finding"] = None
        changed = result.text != document.text or bool(result.others)
        if changed and document.path not in self._refused:
            try:
                for path, text in result.others.items():
                    self._write(fixer.other(path), text)
                if result.text != document.text:
                    self._write(document, result.text)
            except NotWrittenError as error:
                self._refused.add(document.path)
                self.warnings[f"{document.shown}: not fixed: {error}"] = None
            else:
                self.fixed += result.fixed
                return ActionResult(result.left, result.text, tuple(fixer.failures))
        left = fixer.with_fixes() if changed else result.left
        return ActionResult(left, document.text, tuple(fixer.failures))

    def _write(self, document: Document, text: str) -> None:
        replace(document.path, document.data, encoded(document, text))


class _Diff(_Write):
    """Makes the fixes and keeps what would be written as unified diffs."""

    def __init__(self, unsafe: bool) -> None:
        super().__init__(unsafe)
        self.diffs: list[str] = []

    def _write(self, document: Document, text: str) -> None:
        encoded(document, text)
        self.diffs.append("".join(unified(document.text, text, os.path.relpath(document.path))))


def unified(old: str, new: str, name: str) -> Iterator[str]:
    """Yield the unified diff of two texts, line endings as they are."""
    for line in difflib.unified_diff(_LINE.findall(old), _LINE.findall(new), name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
