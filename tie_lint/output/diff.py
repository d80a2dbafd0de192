"""What fixes would write, as unified diffs."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator
from typing import TextIO

from tie_lint.output.escape import printable
from tie_lint.pipeline.report import Diff, Report

_NEWLINE = "\r\n"
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def write(report: Report, stream: TextIO) -> None:
    """Write the diffs: the lines as they are for a program that applies them, printable on a terminal."""
    on_terminal = stream.isatty()
    for diff in report.diffs:
        for line in _unified(diff):
            stream.write(f"{printable(line.rstrip(_NEWLINE))}\n" if on_terminal else line)


def _unified(diff: Diff) -> Iterator[str]:
    """Yield the lines of the unified diff, line endings as they are."""
    name = printable(os.path.relpath(diff.path))
    for line in difflib.unified_diff(_LINE.findall(diff.old), _LINE.findall(diff.new), name, name):
        if line.endswith("\n"):
            yield line
        else:
            yield f"{line}\n"
            yield "\\ No newline at end of file\n"
