"""Collect what is left of what was checked, by how much that was: a run has no collections by itself."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MOST_YOUNG = 1_500_000
"""Bytes of source that a process checks before it collects what is left of them and not kept."""
MOST_OLD = 10_000_000
"""Bytes of source that a process checks before it also collects what was kept for a while."""
MODEL_FOLDER = 50_000
"""Bytes of source that count for a folder, which may have none of its own."""


@contextmanager
def no_collections() -> Iterator[None]:
    """No garbage collection meanwhile but what is asked for: what a run keeps, it keeps to the end."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


class Garbage:
    """What the checks of a process have left behind."""

    def __init__(self) -> None:
        self._young = self._old = 0

    def add(self, size: int) -> None:
        """Collect what earlier checks have left if it is much; now comes a check of so many bytes."""
        if self._old > MOST_OLD:
            self.collect()
        elif self._young > MOST_YOUNG:
            self._young = 0
            gc.collect(1)
        self._young += size
        self._old += size

    def collect(self) -> None:
        """Collect all that is left."""
        self._young = self._old = 0
        gc.collect()

    def freeze(self, size: int) -> None:
        """Collect what is left of a check of so many bytes, and have the rest passed over by collections of
        the program that goes on now: they would go through all that is kept for each of its files.

        What dies later is collected when much has been checked.
        """
        self._old += size
        if self._old > MOST_OLD:
            gc.unfreeze()
            self._old = 0
        gc.collect()
        gc.freeze()


GARBAGE = Garbage()
"""That of this process."""
