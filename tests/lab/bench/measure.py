"""Whole processes, measured: time on the clock, time on the processors, and memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

POLL = 0.1
"""Seconds between two looks at how much memory the processes hold."""


@dataclass(frozen=True)
class Cost:
    """What one run of a command took."""

    wall: float
    """Seconds until it ended."""
    cpu: float
    """Seconds of all its processes on all processors."""
    memory: float
    """Megabytes that its processes held together at most, shared pages counted once; 0 where unknown."""

    def as_json(self) -> dict[str, float]:
        """The cost as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Command:
    """What is measured, and what has to be done before each run."""

    arguments: Sequence[str]
    folder: Path
    before: Callable[[], object] = lambda: None
    environment: Mapping[str, str] | None = None


def run(command: Command) -> Cost:
    """One run of what is installed. What the command prints and how it ends do not matter."""
    command.before()
    elsewhere = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    start = time.perf_counter()
    process = subprocess.Popen(
        command.arguments,
        cwd=command.folder,
        env={**elsewhere, **(command.environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    watch = _Watch(process.pid)
    watch.start()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    watch.ended.set()
    watch.join()
    return Cost(wall, usage.ru_utime + usage.ru_stime, watch.most)


def in_turn(commands: Mapping[str, Command], repetitions: int) -> dict[str, list[Cost]]:
    """Every command several times, one after the other, so that what else goes on strikes all alike."""
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(repetitions):
        for name, command in commands.items():
            found[name].append(run(command))
    return found


def median(costs: Sequence[Cost]) -> Cost:
    """The cost in the middle, each figure by itself."""
    return Cost(
        *(statistics.median(cost.as_json()[name] for cost in costs) for name in ("wall", "cpu", "memory"))
    )


class _Watch(threading.Thread):
    """Looks at the memory of a session's processes until they have ended."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self._session = session
        self.ended = threading.Event()
        self.most = 0.0

    def run(self) -> None:
        while not self.ended.wait(POLL):
            self.most = max(self.most, sum(map(_held, _members(self._session))) / 1024)


def _members(session: int) -> list[Path]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state = (path / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(state[3]) == session:
            found.append(path)
    return found


def _held(process: Path) -> int:
    """Kilobytes of a process, its part of what it shares with others."""
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
