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

FILES = 12
MODELS = 2
"""In each file that workers check."""
PADDING = "# \n" * 4_000
"""Makes a file large enough that several workers are worth starting."""
HARMLESS = frozenset(
    {
        "runs",
        "killed",
        "before the first file",
        "between two files",
        "while a file is written",
        "after the last file",
    }
)
"""What is counted and is no failure."""
RUNS = 4
"""How many runs there are at most for each kill that is asked for: some end before they are killed."""
PATIENCE = 600
"""Seconds of the clock, which passes while other processes have the processor."""
HOW = ["--isolated", "--no-cache", "--transformers", "5.23.0"]


def _start(folder: Path, *arguments: str, stdout: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tie_lint", *arguments, str(folder), *HOW],
        stdout=stdout,
        stderr=subprocess.DEVNULL,
    )


def _fill(folder: Path, text: str = BAD) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(FILES):
        (folder / f"m{number}.py").write_text(text, encoding="utf-8")


def _many_models() -> str:
    """Return a file of some copies of the models of one."""
    head, _, models = BAD.partition("\n\n\n")
    copies = (models.replace("Acme", f"Acme{number}") for number in range(MODELS))
    return "\n\n\n".join([head, *copies]) + PADDING


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


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def kill_fixes(folder: Path, times: int, rng: random.Random) -> dict[str, int]:
    """Kill ``--fix`` so often, at any moment: every file is as it was or as it should be, and nothing else.

    One kill in three falls where the clock says, one between two writes, one where a new text is being
    written.
    """
    moments = "before the first file", "between two files", "while a file is written", "after the last file"
    counts = dict.fromkeys(("runs", "killed", *moments, "torn", "lost", "left behind"), 0)
    _fill(folder)
    names = _names(folder)
    start = time.monotonic()
    _fixing(folder).wait()
    takes = time.monotonic() - start
    with suppress(KeyboardInterrupt):  # what was counted so far stays
        while _more_to_kill(counts, times):
            number = counts["runs"]
            _fill(folder)
            there = _names(folder)
            process = _fixing(folder)
            if number % 3:
                _wait_for_write(process, folder, rng.randrange(FILES), within=number % 3 == 2)
            else:
                time.sleep(rng.uniform(0, 1.1) * takes)
            process.kill()
            killed = process.wait() == -signal.SIGKILL
            counts["runs"] += 1
            counts["killed"] += killed
            texts = [_text(folder / name) for name in names]
            counts["lost"] += texts.count(None)
            counts["torn"] += sum(text not in (BAD, GOOD, None) for text in texts)
            if killed:
                counts[_moment(_names(folder) - there, texts)] += 1
    _fixing(folder).wait()
    counts["left behind"] = len(_names(folder) - names)
    return counts


def _wait_for_write(process: subprocess.Popen[bytes], folder: Path, nth: int, *, within: bool) -> None:
    """Wait until so many files are written and, for ``within``, the scratch file of the next is there."""
    size = len(GOOD.encode())
    while process.poll() is None:
        written, scratch = 0, False
        for entry in os.scandir(folder):
            scratch |= entry.name.startswith(".")
            with suppress(FileNotFoundError):
                written += not entry.name.startswith(".") and entry.stat().st_size == size
        if written > nth or (within and written == nth and scratch):
            return
        time.sleep(0 if within else 0.002)


def _moment(scratch: set[str], texts: list[str | None]) -> str:
    """Return what a run was at when it was killed, from what it left."""
    if scratch:
        return "while a file is written"
    if GOOD not in texts:
        return "before the first file"
    return "between two files" if BAD in texts else "after the last file"


def kill_workers(folder: Path, times: int, rng: random.Random) -> dict[str, int]:
    """Kill a worker so often: the run ends all the same, and finds what it finds otherwise."""
    counts = dict.fromkeys(("runs", "killed", "ended otherwise", "other findings", "left running"), 0)
    _fill(folder, _many_models())
    process = _checking(folder)
    _wait_for_workers(process)
    start = time.monotonic()
    expected, code = process.communicate()[0], process.returncode
    takes = time.monotonic() - start
    with suppress(KeyboardInterrupt):  # what was counted so far stays
        while _more_to_kill(counts, times):
            process = _checking(folder)
            workers = _wait_for_workers(process)
            time.sleep(rng.uniform(0, 0.9) * takes)
            counts["killed"] += bool(workers) and _kill(rng.choice(workers))
            try:
                found = process.communicate(timeout=PATIENCE)[0]
            except subprocess.TimeoutExpired:
                process.kill()
                found = process.communicate()[0]
            counts["runs"] += 1
            counts["ended otherwise"] += process.returncode != code
            counts["other findings"] += found != expected
            counts["left running"] += _left(workers)
    return counts


def _checking(folder: Path) -> subprocess.Popen[bytes]:
    return _start(folder, "--jobs", "2", "--output-format", "json", stdout=subprocess.PIPE)


def kill_parents(folder: Path, times: int, rng: random.Random) -> dict[str, int]:
    """Kill the parent so often: no worker outlives it by more than some seconds."""
    counts = dict.fromkeys(("runs", "killed", "left running"), 0)
    _fill(folder, _many_models())
    with suppress(KeyboardInterrupt):  # what was counted so far stays
        while _more_to_kill(counts, times):
            process = _start(folder, "--jobs", "2")
            workers = _wait_for_workers(process)
            time.sleep(rng.uniform(0, 0.3))
            process.send_signal(signal.SIGKILL if counts["runs"] % 2 else signal.SIGTERM)
            counts["killed"] += process.wait() < 0
            counts["runs"] += 1
            counts["left running"] += _left(workers)
    return counts


def _more_to_kill(counts: dict[str, int], times: int) -> bool:
    """Whether fewer runs than asked for were killed, and some more may help."""
    return counts["killed"] < times and counts["runs"] < RUNS * times


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


def _kill(pid: int) -> bool:
    """Kill a process, and return whether it was there."""
    there = alive(pid)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return there
