"""A run in a process of its own: where that dies, another one does each file by itself.

What kills a process (a crash of Python, no more memory) cannot be handled in it. The process that was started
only waits for the one that does the run, and both end alike.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple


class Attempt(NamedTuple):
    """How a run is tried."""

    alone: bool = False
    """Whether each file has a process of its own, as the last process died."""
    written: int = 0
    """How many pieces of output the last process had written."""
    notes: int | None = None
    """Where a byte is written for each piece of output."""

    def has_written(self) -> None:
        """Note that one more piece of output is where it belongs."""
        if self.notes is not None:
            os.write(self.notes, b".")


ONCE = Attempt()
ASKED_TO_END = frozenset({"SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGPIPE", "SIGXCPU"})
"""Signals of those who want the run to end."""
MOMENT = 0.2
"""Seconds in which a process ends that was interrupted together with this one."""


def supervised(run: Callable[[Attempt], int], *, can_repeat: bool) -> int:
    """Do a run, in another process where there can be one; return its exit code."""
    if sys.platform != "linux":
        return run(ONCE)
    attempt = ONCE
    while True:
        notes, their_notes = os.pipe()
        parent, ours = os.pipe()
        child = os.fork()
        if not child:
            os.close(notes)
            os.close(ours)
            _end_with(parent)
            return run(attempt._replace(notes=their_notes))
        os.close(their_notes)
        os.close(parent)
        written, status = _wait(child, notes)
        os.close(ours)
        code = os.waitstatus_to_exitcode(status)
        if code >= 0:
            return code
        ending = signal.Signals(-code).name
        if ending in ASKED_TO_END:
            signal.signal(-code, signal.SIG_DFL)
            os.kill(os.getpid(), -code)
        if attempt.alone or not can_repeat:
            return _gave_up(ending)
        attempt = Attempt(True, attempt.written + written)


def _end_with(parent: int) -> None:
    """Have this process end by SIGTERM when the pipe to its parent closes."""
    import fcntl

    fcntl.fcntl(parent, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(parent, getattr(fcntl, "F_SETSIG", 10), signal.SIGTERM)
    fcntl.fcntl(parent, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        os.read(parent, 1)
        os.kill(os.getpid(), signal.SIGTERM)  # it has closed already


def _wait(child: int, notes: int) -> tuple[int, int]:
    """Wait until a process has ended; return how much it has written, and its status.

    An interrupt of this process alone is handed on.
    """

    def hand_on(number: int, frame: Any) -> None:
        time.sleep(MOMENT)
        with suppress(ChildProcessError, ProcessLookupError):
            if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                os.kill(child, signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, hand_on)
    written = 0
    try:
        while piece := os.read(notes, 4096):
            written += len(piece)
        return written, os.waitpid(child, 0)[1]
    finally:
        os.close(notes)
        signal.signal(signal.SIGINT, before)


def _gave_up(ending: str) -> int:
    from tie_lint.cli.messages import failed
    from tie_lint.pipeline.failure import Failure

    return failed([Failure("", None, f"the process died ({ending})", "")])
