"""Worker processes: they end with their parent, and one that dies costs only the file that killed it.

One that is stopped is waited for, as whoever stopped it may let it go on; an interrupt ends it with the run.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from tie_lint.pipeline.checker import MOST_READ, Checker, check_each
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.file_job import FileJob, FixAction
from tie_lint.pipeline.linters import Linters
from tie_lint.pipeline.parent_death import end_with
from tie_lint.pipeline.result import FileResult

Batch = Sequence[FileJob]
T = TypeVar("T")
Results = list[tuple[FileJob, FileResult]]

if sys.platform == "linux":
    _CONTEXT = multiprocessing.get_context("fork")
else:
    _CONTEXT = multiprocessing.get_context("spawn")


def check_batches(
    batches: Iterable[Batch], processes: int, linters: Linters, offer: FixAction | None
) -> Iterator[tuple[FileJob, FileResult]]:
    """Yield the result for each file of the batches, in no particular order.

    When a process dies, the files of its batch are checked again, each in a process of its own: the result of
    the one that kills it is a failure. Where no process may be started all is checked here.
    """
    left = deque(batches)
    # Forked processes share what the linters have read; others are better off without it.
    linters = linters if sys.platform == "linux" else linters.afresh()
    workers: list[_Worker] = []
    try:
        while left or workers:
            while left and len(workers) < processes and (worker := _Worker.start(linters, offer)):
                worker.check(left.popleft())
                workers.append(worker)
            if not workers:
                yield from check_each((job for batch in left for job in batch), linters, offer)
                return
            for worker in _done(workers):
                yield from worker.results()
                if left and worker.read < MOST_READ:
                    worker.check(left.popleft())
                else:
                    workers.remove(worker)
                    worker.end()
    finally:
        for worker in workers:
            worker.end()


class _Worker:
    """A process that checks one batch after the other, and collects nothing: it ends before that is much."""

    def __init__(self, linters: Linters, offer: FixAction | None) -> None:
        """Raises ``OSError`` where no process may be started."""
        self._linters, self._offer = linters, offer
        self.connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(
            target=_check_batches, args=(Checker(linters, offer), theirs), daemon=True
        )
        with _interrupts_held():
            self._process.start()
        theirs.close()
        self._batch: Batch = ()
        self.read = 0
        """How many bytes of source it was given."""

    @classmethod
    def start(cls, linters: Linters, offer: FixAction | None) -> _Worker | None:
        """Return a new one; None where there is a bound on processes or open files, or may be none."""
        try:
            return cls(linters, offer)
        except (OSError, AssertionError):  # the latter in a process of multiprocessing that is a daemon
            return None

    def check(self, batch: Batch) -> None:
        """Have it check a batch."""
        self._batch = batch
        self.read += sum(job.size for job in batch)
        with suppress(OSError):  # it has died: so the results will say
            self.connection.send(batch)

    def results(self) -> Results:
        """Return the results of its batch; where it has died, those of others that check one file each."""
        try:
            results: Results = self.connection.recv()
        except (EOFError, OSError):
            self.read = MOST_READ
            return [(job, check_alone(job, self._linters, self._offer)) for job in self._batch]
        return results

    def end(self) -> None:
        """End it at once, even if it is stopped."""
        self._process.kill()
        self._process.join()
        self.connection.close()


def _done(workers: Iterable[_Worker]) -> list[_Worker]:
    """Wait until some have done their batch, or have died, and return them."""
    by_connection = {worker.connection: worker for worker in workers}
    ready = wait(by_connection)
    return [worker for connection, worker in by_connection.items() if connection in ready]


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let interrupts wait meanwhile, so that a process that begins here meets none before :func:`_begin`."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def check_alone(job: FileJob, linters: Linters, offer: FixAction | None) -> FileResult:
    """Check a file in a process of its own."""
    try:
        return alone(Checker(linters, offer), job)
    except ProcessDiedError as error:
        failure = Failure(job.shown, None, f"the process that checked it died ({error})", "")
        return FileResult(0, (), False, {}, (failure,))


class ProcessDiedError(Exception):
    """A process ended before it had done its work; the text says how."""


def alone(work: Callable[..., T], *arguments: Any) -> T:
    """Return the result of some work that is done in a process of its own. Raises ``ProcessDiedError``."""
    receiver, sender = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_work_and_send, args=(work, arguments, sender), daemon=True)
    try:
        with _interrupts_held():
            process.start()
    except OSError as error:
        raise ProcessDiedError(f"it could not be started: {error.strerror}") from None
    sender.close()
    try:
        result: T = receiver.recv()
    except (EOFError, OSError):
        process.join()
        raise ProcessDiedError(_ending(process.exitcode)) from None
    except BaseException:
        process.kill()
        raise
    process.join()
    return result


def _ending(exit_code: int | None) -> str:
    """Return how a process ended: the name of the signal, or the exit code."""
    try:
        return signal.Signals(-(exit_code or 0)).name
    except ValueError:
        return f"exit code {exit_code}"


def _prepare() -> None:
    """Prepare a process."""
    gc.disable()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    parent = multiprocessing.parent_process()
    assert parent is not None
    if sys.platform == "linux":
        end_with(parent.sentinel)
    else:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    """Wait until the parent has ended, by whatever, and end this process: nobody wants its results."""
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def _check_batches(checker: Checker, connection: Connection) -> None:
    _prepare()
    while True:
        batch: Batch = connection.recv()
        connection.send([(job, checker(job)) for job in batch])


def _work_and_send(work: Callable[..., Any], arguments: tuple[Any, ...], sender: Connection) -> None:
    _prepare()
    sender.send(work(*arguments))
