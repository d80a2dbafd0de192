"""Fixes on the way through the files: told of, shown, or written."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tie_lint.finding import Finding
from tie_lint.fix.mender import Mender
from tie_lint.fix.write import NotWrittenError, encoded, replace
from tie_lint.pipeline.check import Report
from tie_lint.pipeline.linter import Linter
from tie_lint.pipeline.workers import Held

MOST_PASSES = 5
"""How often all files are looked at again because one of them was written."""

_LINE = re.compile(r"[^\n]*\n|[^\n]+")

Look = Callable[..., Report]
"""A run over the files, which takes what is to be done about each as ``treat``."""


def offer(linter: Linter, held: Held) -> tuple[list[Finding], str]:
    """Give each finding its fix and change nothing."""
    return _mender(linter, held).with_fixes(held.text), held.text


def _mender(linter: Linter, held: Held) -> Mender:
    mender = Mender(linter, held.path, held.shown)
    mender.note(held.text, held.checked)
    return mender


def fix(look: Look, unsafe: bool) -> Report:
    """Mend and write the files until nothing is left to mend; a file may gain by what was done to another."""
    made = _Fixing(unsafe)
    for _ in range(MOST_PASSES):
        before = len(made.fixed)
        report = look(treat=made)
        if len(made.fixed) == before:
            break
    report.fixed, report.warnings = made.fixed, list(made.warnings)
    return report


def diff(look: Look, unsafe: bool) -> Report:
    """Mend the files one by one and show what :func:`fix` would write at first."""
    made = _Diffing(unsafe)
    report = look(treat=made)
    report.fixed, report.diffs, report.warnings = made.fixed, made.diffs, list(made.warnings)
    return report


class _Fixing:
    """Makes the fixes and writes the files."""

    def __init__(self, unsafe: bool) -> None:
        self._unsafe = unsafe
        self.fixed: list[Finding] = []
        self.warnings: dict[str, None] = {}
        """What was not done and why, each once."""
        self._refused: set[Path] = set()

    def __call__(self, linter: Linter, held: Held) -> tuple[list[Finding], str]:
        """The findings that are left in a file, and its text now."""
        mender = _mender(linter, held)
        mended = mender.mend(held.text, self._unsafe)
        for found in mended.withheld:
            what = f"{held.shown}:{found.line}: {found.code} not fixed"
            self.warnings[f"{what}: what could be done would bring a new finding"] = None
        changed = mended.text != held.text or bool(mended.others)
        if changed and held.path not in self._refused:
            try:
                for path, text in mended.others.items():
                    self._write(path, path.read_bytes(), mender.read(path), text)
                if mended.text != held.text:
                    self._write(held.path, held.data, held.text, mended.text)
            except NotWrittenError as error:
                self._refused.add(held.path)
                self.warnings[f"{held.shown}: not fixed: {error}"] = None
            else:
                self.fixed += mended.fixed
                return mended.left, mended.text
        return offer(linter, held) if changed else (mended.left, held.text)

    def _write(self, path: Path, data: bytes, old: str, new: str) -> None:
        replace(path, data, encoded(data, old, new))


class _Diffing(_Fixing):
    """Makes the fixes and keeps what would be written as unified diffs."""

    def __init__(self, unsafe: bool) -> None:
        super().__init__(unsafe)
        self.diffs: list[str] = []

    def _write(self, path: Path, data: bytes, old: str, new: str) -> None:
        encoded(data, old, new)
        self.diffs.append("".join(unified(old, new, os.path.relpath(path))))


def unified(old: str, new: str, name: str) -> Iterator[str]:
    """The unified diff of two texts, line endings as they are."""
    for line in difflib.unified_diff(_LINE.findall(old), _LINE.findall(new), name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
