"""`--watch`: do something again whenever a file has changed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tie_lint.cli.messages import say
from tie_lint.pipeline.configuration import OWN
from tie_lint.pipeline.discovery import CONFIGS
from tie_lint.pipeline.reading import SUFFIXES
from tie_lint.python.disk import is_folder
from tie_lint.requirements.project import KINDS

EVERY = 0.5
"""Seconds between two looks, where ``watchfiles`` is not installed."""
TIMEOUT = 2_000
"""Milliseconds after which there is a look though the system has told of nothing."""


def watch(paths: Sequence[Path], action: Callable[[], object]) -> None:
    """Do something now, and again after each change below the paths, until interrupted."""
    wait = _waiter(paths)
    while True:
        before = _state(paths)
        if sys.stdout.isatty():
            sys.stdout.write("\x1b[2J\x1b[H")
        action()
        sys.stdout.flush()
        say("watching for changes; Ctrl-C ends")
        while _state(paths) == before:  # which is also another when something has changed meanwhile
            wait()


def _waiter(paths: Sequence[Path]) -> Callable[[], object]:
    """Return what waits until something may have changed: for the system to tell, or for a moment."""
    try:
        from watchfiles import watch as watched
    except ImportError:
        return lambda: time.sleep(EVERY)
    # It is asked for what happens from then on; what it missed before is seen after the timeout.
    changes = watched(*paths, raise_interrupt=True, rust_timeout=TIMEOUT, yield_on_timeout=True)
    return lambda: next(changes)


def _counts(name: str) -> bool:
    """Return whether a file of that name is checked, or says how. A report that a run writes is neither."""
    return (
        name.endswith(SUFFIXES)
        or name in (*CONFIGS, OWN, ".gitignore")
        or any(kind.has(name) for kind in KINDS)
    )


def _state(paths: Sequence[Path]) -> dict[str, tuple[int, int, int]]:
    """What tells that a file has changed: its time, size and number, by path."""
    found = {}
    for path in paths:
        folders = os.walk(path) if is_folder(path) else [(str(path.parent), [], [path.name])]
        for folder, inside, files in folders:
            inside[:] = [name for name in inside if not name.startswith(".")]
            for name in files:
                if _counts(name):
                    place = os.path.join(folder, name)  # noqa: PTH118
                    try:
                        state = os.stat(place)  # noqa: PTH116
                    except OSError:
                        continue
                    found[place] = state.st_mtime_ns, state.st_size, state.st_ino
    return found
