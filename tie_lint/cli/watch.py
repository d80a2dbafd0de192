"""`--watch`: do something again whenever a file has changed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tie_lint.cli.messages import say

EVERY = 0.5
"""Seconds between two looks, where ``watchfiles`` is not installed."""


def watch(paths: Sequence[Path], action: Callable[[], object]) -> None:
    """Do something now, and again after each change below the paths, until interrupted."""
    changes = _changes(paths)
    while True:
        before = _state(paths)
        if sys.stdout.isatty():
            sys.stdout.write("\x1b[2J\x1b[H")
        action()
        sys.stdout.flush()
        say("watching for changes; Ctrl-C ends")
        if _state(paths) == before:  # else something has changed meanwhile
            next(changes)


def _changes(paths: Sequence[Path]) -> Iterator[object]:
    """Yield after each change: as the system tells, or by looking again and again."""
    try:
        from watchfiles import watch as watched
    except ImportError:
        return _looked(paths)
    found: Iterator[object] = watched(*paths, raise_interrupt=True)
    return found


def _looked(paths: Sequence[Path]) -> Iterator[None]:
    before = _state(paths)
    while True:
        time.sleep(EVERY)
        now = _state(paths)
        if now != before:
            before = now
            yield


def _state(paths: Sequence[Path]) -> dict[str, tuple[int, int]]:
    """What tells that a file has changed: its time and size, by path."""
    found = {}
    for path in paths:
        folders = os.walk(path) if path.is_dir() else [(str(path.parent), [], [path.name])]
        for folder, inside, files in folders:
            inside[:] = [name for name in inside if not name.startswith(".")]
            for name in files:
                if name.endswith((".py", ".ipynb", ".json", ".toml", ".txt", ".cfg")):
                    place = os.path.join(folder, name)  # noqa: PTH118
                    try:
                        state = os.stat(place)  # noqa: PTH116
                    except OSError:
                        continue
                    found[place] = state.st_mtime_ns, state.st_size
    return found
