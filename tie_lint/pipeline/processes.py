"""Worker processes: they end with their parent, and one that dies costs only the file that killed it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from tie_lint.pipeline.checker import Checker
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.file_job import FileJob, FixAction
from tie_lint.pipeline.linters import Linters
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

    When a process dies, the files of the batches under way are checked again, each in a process of its own:
    the result of the one that kills it is a failure.
    """
    left = deque(batches)
    # Forked processes share what the linters have read; others are better off without it.
    linters = linters if sys.platform == "linux" else linters.afresh()
    while left:
        lost = yield from _check_in_pool(left, processes, linters, offer)
        for job in (job for batch in lost for job in batch):
            yield job, check_alone(job, linters, offer)


def _check_in_pool(
    left: deque[Batch], processes: int, linters: Linters, offer: FixAction | None
) -> Generator[tuple[FileJob, FileResult], None, list[Batch]]:
    """Take batches from those left until there are none or a process dies; return the ones under way then."""
    running: dict[Future[Results], Batch] = {}
    with _pool(processes, linters, offer) as pool:
        try:
            while left or running:
                while left and len(running) <= processes:
                    with _interrupts_held():  # the first one starts the processes
                        running[pool.submit(_check_batch, left[0])] = left[0]
                    left.popleft()
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    results = future.result()
                    del running[future]
                    yield from results
        except BrokenProcessPool:
            pool.shutdown()
            return list(running.values())
    return []


@contextmanager
def _pool(processes: int, linters: Linters, offer: FixAction | None) -> Iterator[ProcessPoolExecutor]:
    """Start processes that check. When the run is interrupted they end at once."""
    others = set(multiprocessing.active_children())
    gc.freeze()
    pool = ProcessPoolExecutor(processes, _CONTEXT, _begin, (Checker(linters, offer),))
    try:
        yield pool
    except BaseException:
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    finally:
        # Waited for: at exit Python would wake the pool's thread, which may have closed its pipe just then.
        pool.shutdown(cancel_futures=True)
        gc.unfreeze()


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
    with _interrupts_held():
        process.start()
    sender.close()
    try:
        result: T = receiver.recv()
    except (EOFError, OSError):
        process.join()
        raise ProcessDiedError(_ending(process.exitcode)) from None
    process.join()
    return result


def _ending(exit_code: int | None) -> str:
    """Return how a process ended: the name of the signal, or the exit code."""
    try:
        return signal.Signals(-(exit_code or 0)).name
    except ValueError:
        return f"exit code {exit_code}"


_checker: Checker


def _begin(checker: Checker) -> None:
    """Prepare a process that checks."""
    global _checker
    _checker = checker
    _prepare()


def _prepare() -> None:
    """Prepare a process."""
    gc.disable()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait until the parent has ended, by whatever, and end this process: nobody wants its results."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _check_batch(batch: Batch) -> Results:
    return [(job, _checker(job)) for job in batch]


def _work_and_send(work: Callable[..., Any], arguments: tuple[Any, ...], sender: Connection) -> None:
    _prepare()
    sender.send(work(*arguments))
