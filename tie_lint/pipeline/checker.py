"""Check one file after the other, within bounds of memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tie_lint.pipeline.file_job import FileJob, FixAction, check_file
from tie_lint.pipeline.garbage import GARBAGE, no_collections
from tie_lint.pipeline.result import FileResult

if TYPE_CHECKING:
    from tie_lint.pipeline.linters import Linters

MOST_READ = 5_000_000
"""Bytes of source that a process checks before it forgets what it has read, which bounds its memory: with
models of the library to 200 MB. What many files rest on has to be read anew then."""


class Checker:
    """Checks one file after the other."""

    def __init__(self, linters: Linters, offer: FixAction | None) -> None:
        self._linters, self._offer, self._read = linters, offer, 0

    def __call__(self, job: FileJob) -> FileResult:
        if self._read > MOST_READ:
            self._linters, self._read = self._linters.afresh(), 0
            GARBAGE.collect()
        self._read += job.size
        GARBAGE.add(job.size)
        result = check_file(self._linters[job.group], job, self._offer)
        if result.failures:
            self._linters = self._linters.afresh()
        return result


def check_each(
    jobs: Iterable[FileJob], linters: Linters, offer: FixAction | None
) -> Iterator[tuple[FileJob, FileResult]]:
    """Yield the result for each file, checked in this process."""
    checker = Checker(linters, offer)
    with no_collections():
        for job in jobs:
            yield job, checker(job)
