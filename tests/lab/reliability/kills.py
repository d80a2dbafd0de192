"""Kill runs at any moment, and look for what is torn, lost, or left running."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.examples import BAD, GOOD

FILES = 40
MODELS = 30
"""In each file that workers check: enough that several of them are worth starting."""
HARMLESS = frozenset({"runs", "killed", "between two files"})
"""What is counted and is no failure."""
PATIENCE = 600
"""Seconds of the clock, which passes while other processes have the processor."""
HOW = ["--isolated", "--no-cache", "--transformers", "5.23.0"]


def _start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tie_lint", *arguments, str(folder), *HOW],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _fill(folder: Path, text: str = BAD) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(FILES):
        (folder / f"m{number}.py").write_text(text, encoding="utf-8")


def _many_models() -> str:
    """Return a file of many copies of the models of one."""
    head, _, models = BAD.partition("\n\n\n")
    return "\n\n\n".join([head, *(models.replace("Acme", f"Acme{number}") for number in range(MODELS))])


def children(pid: int) -> list[int]:
    """Return the processes whose parent is this one (Linux)."""
    return [child for child, (parent, _) in _processes().items() if parent == pid]


def alive(pid: int) -> bool:
    """Whether a process is there and does something."""
    return _processes().get(pid, (0, "Z"))[1] != "Z"


def _processes() -> dict[int, tuple[int, str]]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            found[int(entry.name)] = int(parent), state
    return found


def _fixing(folder: Path) -> subprocess.Popen[bytes]:
    return _start(folder, "--fix", "--unsafe-fixes", "--jobs", "1")


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def kill_fixes(folder: Path, times: int, rng: random.Random) -> dict[str, int]:
    """Kill ``--fix`` at any moment: every file is as it was or as it should be, and nothing else is there."""
    counts = dict.fromkeys(("runs", "killed", "between two files", "torn", "lost", "left behind"), 0)
    _fill(folder)
    names = {path.name for path in folder.iterdir()}
    start = time.monotonic()
    _fixing(folder).wait()
    takes = time.monotonic() - start
    with suppress(KeyboardInterrupt):  # what was counted so far stays
        for _ in range(times):
            _fill(folder)
            process = _fixing(folder)
            time.sleep(rng.uniform(0.2, 1) * takes)
            process.kill()
            counts["killed"] += process.wait() == -signal.SIGKILL
            counts["runs"] += 1
            texts = [_text(folder / name) for name in names]
            counts["lost"] += texts.count(None)
            counts["torn"] += sum(text not in (BAD, GOOD, None) for text in texts)
            counts["between two files"] += {BAD, GOOD} <= {*texts}
    _fixing(folder).wait()
    counts["left behind"] = len({path.name for path in folder.iterdir()} - names)
    return counts


def kill_workers(folder: Path, times: int, rng: random.Random) -> dict[str, int]:
    """Kill a worker: the run ends all the same, with the exit code of what it found or of an error."""
    counts = dict.fromkeys(("runs", "killed", "ended otherwise", "left running"), 0)
    _fill(folder, _many_models())
    with suppress(KeyboardInterrupt):  # what was counted so far stays
        for _ in range(times):
            process = _start(folder, "--jobs", "2")
            workers = _wait_for_workers(process)
            time.sleep(rng.uniform(0, 0.3))
            if workers:
                _kill(rng.choice(workers))
                counts["killed"] += 1
            try:
                code = process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
            counts["runs"] += 1
            counts["ended otherwise"] += code not in (1, 2)
            counts["left running"] += _left(workers)
    return counts


def kill_parents(folder: Path, times: int, rng: random.Random) -> dict[str, int]:
    """Kill the parent: no worker outlives it by more than some seconds."""
    counts = dict.fromkeys(("runs", "killed", "left running"), 0)
    _fill(folder, _many_models())
    with suppress(KeyboardInterrupt):  # what was counted so far stays
        for number in range(times):
            process = _start(folder, "--jobs", "2")
            workers = _wait_for_workers(process)
            time.sleep(rng.uniform(0, 0.3))
            process.send_signal(signal.SIGKILL if number % 2 else signal.SIGTERM)
            counts["killed"] += process.wait() < 0
            counts["runs"] += 1
            counts["left running"] += _left(workers)
    return counts


def _wait_for_workers(process: subprocess.Popen[bytes]) -> list[int]:
    end = time.monotonic() + 60
    workers: list[int] = []
    while len(workers) < 2 and process.poll() is None and time.monotonic() < end:
        workers = [worker for child in children(process.pid) for worker in children(child)]
        time.sleep(0.01)
    return workers


def _left(workers: list[int]) -> int:
    end = time.monotonic() + 20
    while any(map(alive, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    left = [pid for pid in workers if alive(pid)]
    for pid in left:
        _kill(pid)
    return len(left)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
