"""How a run is tried: what has to be worked out is worked out in another process.

A run that finds all in the cache starts none: that would take a tenth of its time.
"""

from __future__ import annotations

import os
from collections.abc import Callable


class Attempt:
    """One process that works for a run."""

    def __init__(self, alone: bool = False, written: int = 0, notes: int | None = None) -> None:
        """``alone`` says whether each file has a process of its own, as the last process died.

        ``written`` is how many pieces of output the last processes had written, ``notes`` where a byte is
        written for each.
        """
        self.alone, self.written, self.notes = alone, written, notes


class EndedError(BaseException):
    """The process that worked for this one has ended, and so does the run."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Work:
    """The work of a run, of which nobody knows whether there is any before it begins."""

    def __init__(self, start: Callable[[], Attempt] | None) -> None:
        """``start`` starts the process that goes on, and says there how; None where this one does."""
        self._start = start
        self._attempt = Attempt()
        self._again = 0

    def begin(self) -> bool:
        """Go on in another process, if not done yet; return whether each file gets one of its own.

        Does not return in this one, but raises :class:`EndedError` with the exit code when all is done.
        """
        if self._start is not None:
            start, self._start = self._start, None
            self._attempt = start()
            self._again = self._attempt.written
        return self._attempt.alone

    def write_again(self) -> bool:
        """Return whether the next piece of output has to be written: not if a process before has."""
        if self._again:
            self._again -= 1
            return False
        return True

    def has_written(self) -> None:
        """Note that one more piece of output is where it belongs."""
        if self._attempt.notes is not None:
            os.write(self._attempt.notes, b".")
