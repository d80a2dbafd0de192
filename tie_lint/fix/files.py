"""Fixes of the files of a run: shown as diffs, or written."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from pathlib import Path

from tie_lint.edits.edit import apply
from tie_lint.finding import Finding
from tie_lint.fix.fixer import Fixer
from tie_lint.fix.write import NotWrittenError, encoded, remove_scratch, replace
from tie_lint.pipeline.check import StandardInput
from tie_lint.pipeline.document import Document
from tie_lint.pipeline.file_job import ActionResult, CheckedFile
from tie_lint.pipeline.linter import Linter
from tie_lint.pipeline.report import Diff, Report
from tie_lint.python.disk import folder_of
from tie_lint.record import NamedTuple

MOST_PASSES = 5
"""How often all files are checked again because one of them was written."""

Run = Callable[..., Report]
"""A run over the files, which takes what is to be done to each as ``action``."""


def fix(run: Run, writable: Collection[str]) -> Report:
    """Fix and write the files until nothing is left to fix; a file may gain by what was done to another.

    ``writable`` are the real paths of the files that may be written, others are left alone.
    """
    remove_scratch({folder_of(path) for path in writable})
    action = _Write(writable)
    for _ in range(MOST_PASSES):
        before = len(action.fixed)
        report = run(action=action)
        if len(action.fixed) == before:
            break
    report.fixed = action.fixed
    report.warnings += action.warnings
    return report


def diff(run: Run) -> Report:
    """Fix the files one by one and show what :func:`fix` would write at first."""
    action = _Diff()
    report = run(action=action)
    report.fixed, report.diffs = action.fixed, action.diffs
    report.warnings += action.warnings
    return report


def text(run: Run, stdin: StandardInput) -> Report:
    """Fix the text from standard input; what comes of it is in the report, and no file is written."""
    action = _Text({os.path.realpath(stdin.path)})
    report = run(action=action)
    report.fixed, report.fixed_text = action.fixed, action.text or stdin.data
    report.warnings += action.warnings
    return report


class _Done(NamedTuple):
    """What was done to a file, and what it hangs on."""

    result: ActionResult
    seen: frozenset[str]
    written: int
    """How many files had been written by then."""

    def holds(self, document: Document, written: list[str]) -> bool:
        """Return whether the file, and all that it hangs on, is as it was then; ``written`` are all that were
        written, in their order."""
        return self.result.text == document.text and self.seen.isdisjoint(written[self.written :])


class _Write:
    """Makes the fixes and writes the files."""

    def __init__(self, writable: Collection[str] | None) -> None:
        self._writable = writable
        self.fixed: list[Finding] = []
        self.warnings: dict[str, None] = {}
        """What was not done and why, each once."""
        self._refused: set[Path] = set()
        self._done: dict[Path, _Done] = {}
        self._written: list[str] = []

    def __call__(self, linter: Linter, file: CheckedFile) -> ActionResult:
        """Return the findings that are left in a file, and its text now: what an earlier pass did, where
        nothing that it hangs on was written since."""
        document = file.document
        done = self._done.get(document.path)
        if done is not None and done.holds(document, self._written):
            return done.result
        origin = linter.template(document)
        if origin is not None:
            if file.checked.offers:
                what = (
                    f"{document.shown}: not fixed: it is generated from {origin.name}, which is to be changed"
                )
                self.warnings[what] = None
            return ActionResult(file.checked.findings, document.text)
        fixer = Fixer(linter, *file, self._writable)
        result = self._fix(fixer, document, linter.settings.unsafe_fixes)
        seen = frozenset(fixer.trials.seen | fixer.trials.importers_seen | file.checked.seen)
        self._done[document.path] = _Done(result, seen, len(self._written))
        return result

    def _fix(self, fixer: Fixer, document: Document, unsafe: bool) -> ActionResult:
        """Make the fixes of a file and write it."""
        result = fixer.fix(unsafe)
        for found, reason in result.withheld:
            self.warnings[f"{_not_fixed(document, found)}: {reason}"] = None
        for found in result.left:
            other = found.fix.path if found.fix and (found.fix.safe or unsafe) else None
            if other and not fixer.trials.may_edit(other):
                what = _not_fixed(document, found)
                where = os.path.relpath(other)
                self.warnings[f"{what}: it takes an edit of {where}, which is not among the paths"] = None
        changed = result.text != document.text or bool(result.others)
        if changed and document.path not in self._refused:
            try:
                for path, text in result.others.items():
                    self._write(fixer.trials.other(path), text)
                if result.text != document.text:
                    self._write(document, result.text)
            except NotWrittenError as error:
                self._refused.add(document.path)
                self.warnings[f"{document.shown}: not fixed: {error}"] = None
            else:
                self.fixed += result.fixed
                return ActionResult(result.left, result.text, tuple(fixer.trials.failures))
        left = fixer.with_fixes() if changed else result.left
        return ActionResult(left, document.text, tuple(fixer.trials.failures))

    def fix_config(self, document: Document, findings: list[Finding], unsafe: bool) -> list[Finding]:
        """Make the fix of the first finding about a config.json that has one; return the findings left."""
        fixable = [found for found in findings if found.fix and (found.fix.safe or unsafe)]
        if not fixable or document.path in self._refused:
            return findings
        first = fixable[0].fix
        try:
            self._write(document, apply(document.text, first.edits if first else ()))
        except NotWrittenError as error:
            self._refused.add(document.path)
            self.warnings[f"{document.shown}: not fixed: {error}"] = None
            return findings
        self.fixed += [found for found in fixable if found.fix == first]
        return [found for found in findings if found.fix != first]

    def _write(self, document: Document, text: str) -> None:
        replace(document.path, document.data, encoded(document, text))
        self._written.append(str(document.path.absolute()))


def _not_fixed(document: Document, finding: Finding) -> str:
    placed = document.placed(finding)
    return f"{placed.where}:{placed.line}: {finding.code} not fixed"


class _Diff(_Write):
    """Makes the fixes and keeps what would be written."""

    def __init__(self) -> None:
        super().__init__(None)
        self.diffs: list[Diff] = []

    def _write(self, document: Document, text: str) -> None:
        encoded(document, text)
        self.diffs += (Diff(*change) for change in document.changes(text))


class _Text(_Write):
    """Makes the fixes and keeps what the text becomes."""

    text: bytes | None = None

    def _write(self, document: Document, text: str) -> None:
        self.text = encoded(document, text)
