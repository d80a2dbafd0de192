"""What fixes would write, as unified diffs."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator
from typing import TextIO

from tie_lint.output.escape import printable
from tie_lint.output.terminal import wants_colour, write_pieces
from tie_lint.pipeline.report import Diff, Report

_NEWLINE = "\r\n"
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def write(report: Report, stream: TextIO) -> None:
    """Write the diffs: the lines as they are for a program that applies them, printable on a terminal."""
    on_terminal = stream.isatty() or wants_colour(stream)
    for diff in report.diffs:
        for line in _unified(diff):
            if on_terminal:
                write_pieces([(printable(line.rstrip(_NEWLINE)), _style(line))], stream)
            else:
                stream.write(line)


def _style(line: str) -> str:
    styles = {"---": "bold", "+++": "bold", "@": "cyan", "+": "green", "-": "red"}
    return next((style for start, style in styles.items() if line.startswith(start)), "")


def _unified(diff: Diff) -> Iterator[str]:
    """Yield the lines of the unified diff, line endings as they are."""
    name = printable(os.path.relpath(diff.path))
    for line in difflib.unified_diff(_LINE.findall(diff.old), _LINE.findall(diff.new), name, name):
        if line.endswith("\n"):
            yield line
        else:
            yield f"{line}\n"
            yield "\\ No newline at end of file\n"
