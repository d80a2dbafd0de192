"""Check many files, here or in several processes, with the same results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.pipeline.checker import check_each
from tie_lint.pipeline.file_job import FileJob, FixAction
from tie_lint.pipeline.report import in_this_process
from tie_lint.pipeline.result import FileResult

if TYPE_CHECKING:
    from tie_lint.pipeline.linters import Linters

WORTH_A_PROCESS = 50_000
"""Bytes of source that take longer to check than a process takes to start."""
BATCHES = 6
"""How many batches each process gets at least: the last ones are small, so that all end together."""
LARGEST_BATCH = 1_000_000
"""Bytes of source in a batch, except where there are more in a folder."""


def check_all(
    jobs: Sequence[FileJob],
    linters: Linters,
    processes: int,
    offer: FixAction | None,
    *,
    begin: Callable[[], bool] = in_this_process,
) -> Iterator[tuple[FileJob, FileResult]]:
    """Yield the result for each file, in no particular order, from up to that many processes.

    ``begin`` is called before the first, if there are any, and says whether each file gets one of its own.
    """
    if not jobs:
        return
    if begin():
        from tie_lint.pipeline.processes import check_alone

        for job in jobs:
            yield job, check_alone(job, linters, offer)
        return
    processes = min(processes, len(jobs), sum(job.size for job in jobs) // WORTH_A_PROCESS)
    if processes < 2:
        yield from check_each(jobs, linters, offer)
        return
    linters.prepare({job.group for job in jobs})
    from tie_lint.pipeline.processes import check_batches

    yield from check_batches(batches(jobs, processes), processes, linters, offer)


def batches(jobs: Iterable[FileJob], processes: int) -> list[list[FileJob]]:
    """Return the files in batches of neighbours, which have much to read in common, the largest first."""
    by_folder: dict[Path, list[FileJob]] = {}
    for job in jobs:
        by_folder.setdefault(job.path.parent, []).append(job)
    most = min(
        sum(job.size for group in by_folder.values() for job in group) // (processes * BATCHES), LARGEST_BATCH
    )
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
