"""Work in a process of its own: where that dies, another one does each file by itself.

What kills a process (a crash of Python, no more memory) cannot be handled in it. From when there is work, the
process that was started only waits for the one that does it, and both end alike.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from typing import Any

from tie_lint.cli.attempt import Attempt, EndedError
from tie_lint.pipeline.parent_death import end_with

ASKED_TO_END = frozenset({"SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGPIPE", "SIGXCPU"})
"""Signals of those who want the run to end."""
MOMENT = 0.2
"""Seconds in which a process ends that was interrupted together with this one."""


def supervised() -> Attempt:
    """Return how to work in the process that goes on from here.

    In the process that was started, raise :class:`EndedError` when that one has done all. Where no other may
    be started, go on in this one.
    """
    attempt = Attempt()
    while True:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()  # else both would write it
        try:
            notes, their_notes = os.pipe()
            parent, ours = os.pipe()
            child = os.fork()
        except OSError:  # a bound on processes or on open files
            return attempt
        if not child:
            os.close(notes)
            os.close(ours)
            end_with(parent)
            attempt.notes = their_notes
            return attempt
        os.close(their_notes)
        os.close(parent)
        written, status = _wait(child, notes)
        os.close(ours)
        code = os.waitstatus_to_exitcode(status)
        if code >= 0:
            raise EndedError(code)
        ending = signal.Signals(-code).name
        if ending in ASKED_TO_END:
            signal.signal(-code, signal.SIG_DFL)
            os.kill(os.getpid(), -code)
        if attempt.alone:
            raise EndedError(_gave_up(ending))
        attempt = Attempt(True, attempt.written + written)


def _wait(child: int, notes: int) -> tuple[int, int]:
    """Wait until a process has ended; return how much it has written, and its status.

    An interrupt of this process alone is handed on, and reaches a process that is stopped, too.
    """

    def hand_on(number: int, frame: Any) -> None:
        time.sleep(MOMENT)
        with suppress(ChildProcessError, ProcessLookupError):
            if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                os.kill(child, signal.SIGINT)
                os.kill(child, signal.SIGCONT)

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
