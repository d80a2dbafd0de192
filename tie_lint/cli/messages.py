"""What the command says on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tie_lint.pipeline.failure import Failure


def say(text: str) -> None:
    """Print one line, if there is a standard error."""
    from contextlib import suppress

    from tie_lint.output.escape import printable

    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(f"tie-lint: {printable(text)}", file=sys.stderr)


def warn(warnings: Iterable[str]) -> None:
    """Print warnings, one a line."""
    for warning in warnings:
        say(f"warning: {warning}")


def failed(failures: Iterable[Failure]) -> int:
    """Report internal errors; return the exit code, 0 if there are none."""
    from tie_lint.pipeline.failure import message

    code = 0
    for failure in failures:
        code = 2
        for line in message(failure):
            say(line)
    return code
