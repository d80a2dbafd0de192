"""Check many files, here or in several processes, with the same results."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.pipeline.file_job import FileJob, FixAction, check_file
from tie_lint.pipeline.result import FileResult
from tie_lint.settings import Settings

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from tie_lint.library.target import Targets
    from tie_lint.pipeline.linter import Linter

WORTH_A_PROCESS = 50_000
"""Bytes of source that take longer to check than a process takes to start."""
BATCHES = 6
"""How many batches each process gets at least: the last ones are small, so that all end together."""
MOST_READ = 3_000_000
"""Bytes of source that a process checks before it forgets what it has read, which bounds its memory."""


def check_all(
    jobs: Sequence[FileJob], settings: Settings, targets: Targets, processes: int, offer: FixAction | None
) -> Iterator[tuple[FileJob, FileResult]]:
    """Yield the result for each file, in no particular order, from up to that many processes."""
    if not jobs:
        return
    from tie_lint.pipeline.linter import Linter

    processes = min(processes, len(jobs), sum(job.size for job in jobs) // WORTH_A_PROCESS)
    linter = Linter(settings, targets)
    if processes < 2:
        checker = _Checker(linter, offer)
        with no_collections():
            for job in jobs:
                yield job, checker(job)
        return
    linter.prepare()
    with _pool(processes, linter, offer) as pool:
        for results in pool.map(_check_batch, batches(jobs, processes)):
            yield from results


def batches(jobs: Iterable[FileJob], processes: int) -> list[list[FileJob]]:
    """Return the files in batches of neighbours, which have much to read in common, the largest first."""
    by_folder: dict[Path, list[FileJob]] = {}
    for job in jobs:
        by_folder.setdefault(job.path.parent, []).append(job)
    most = sum(job.size for group in by_folder.values() for job in group) // (processes * BATCHES)
    found: list[list[FileJob]] = []
    for group in by_folder.values():
        size = most + 1
        for job in group:
            if size > most:
                found.append([])
                size = 0
            found[-1].append(job)
            size += job.size
    return sorted(found, key=lambda batch: -sum(job.size for job in batch))


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


class _Checker:
    """Checks one file after the other."""

    def __init__(self, linter: Linter, offer: FixAction | None) -> None:
        self._linter, self._offer, self._read = linter, offer, 0

    def __call__(self, job: FileJob) -> FileResult:
        if self._read > MOST_READ:
            self._linter, self._read = self._linter.afresh(), 0
            gc.collect()
        self._read += job.size
        result = check_file(self._linter, job, self._offer)
        if result.failures:
            self._linter = self._linter.afresh()
        gc.collect(1)
        return result


_checker: _Checker


@contextmanager
def _pool(processes: int, linter: Linter, offer: FixAction | None) -> Iterator[ProcessPoolExecutor]:
    """Start processes that check. Where they can be forked they share what the linter has read."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    fresh = linter if sys.platform == "linux" else linter.afresh()
    gc.freeze()
    pool = ProcessPoolExecutor(processes, context, _begin, (fresh, offer))
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        gc.unfreeze()


def _begin(linter: Linter, offer: FixAction | None) -> None:
    """Make ready a process."""
    import signal

    global _checker
    _checker = _Checker(linter, offer)
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _check_batch(batch: Sequence[FileJob]) -> list[tuple[FileJob, FileResult]]:
    return [(job, _checker(job)) for job in batch]
