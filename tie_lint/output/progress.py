"""How far a run is: a bar on a terminal, when it takes long."""

from __future__ import annotations

import time
from typing import TextIO

AFTER = 1.0
"""Seconds after which there is a bar."""
EVERY = 0.1
WIDTH = 30


class Progress:
    """A bar that is drawn over itself, and is gone in the end."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._next = time.monotonic() + AFTER
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        """Show how many files of all are checked."""
        now = time.monotonic()
        if now < self._next and not (self._shown and done == total):
            return
        self._next = now + EVERY
        if done == total:
            self.clear()
            return
        filled = WIDTH * done // total
        bar = "#" * filled + "-" * (WIDTH - filled)
        self._stream.write(f"\r\x1b[K[{bar}] {done}/{total} files")
        self._stream.flush()
        self._shown = True

    def clear(self) -> None:
        """Remove the bar."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._shown = False
