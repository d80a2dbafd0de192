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
        self._linters, self._offer = linters, offer

    def __call__(self, job: FileJob) -> FileResult:
        result = check_file(self._linters[job.group], job, self._offer)
        if result.failures:
            self.forget()
        return result

    def forget(self) -> None:
        """Forget what was read."""
        self._linters = self._linters.afresh()


def check_each(
    jobs: Iterable[FileJob], linters: Linters, offer: FixAction | None
) -> Iterator[tuple[FileJob, FileResult]]:
    """Yield the result for each file, checked in this process."""
    checker, read = Checker(linters, offer), 0
    with no_collections():
        for job in jobs:
            if read > MOST_READ:
                checker.forget()
                GARBAGE.collect()
                read = 0
            GARBAGE.add(job.size)
            read += job.size
            yield job, checker(job)
