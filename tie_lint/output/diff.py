"""What fixes would write, as unified diffs."""

from __future__ import annotations

from typing import TextIO

from tie_lint.output.escape import printable
from tie_lint.pipeline.check import Report


def write(report: Report, stream: TextIO) -> None:
    """Write the diffs: as they are for a program that applies them, printable on a terminal."""
    for diff in report.diffs:
        if stream.isatty():
            stream.writelines(f"{printable(line)}\n" for line in diff.splitlines())
        else:
            stream.write(diff)
