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
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from tie_lint.pipeline.checker import Checker, check_each
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

    When a process dies, the files of the batches under way are checked again, each in a process of its own:
    the result of the one that kills it is a failure. Where no processes may be started all is checked here.
    """
    left = deque(batches)
    # Forked processes share what the linters have read; others are better off without it.
    linters = linters if sys.platform == "linux" else linters.afresh()
    while left:
        try:
            lost = yield from _check_in_pool(left, processes, linters, offer)
        except _CannotStartError:
            yield from check_each((job for batch in left for job in batch), linters, offer)
            return
        for job in (job for batch in lost for job in batch):
            yield job, check_alone(job, linters, offer)


def _check_in_pool(
    left: deque[Batch], processes: int, linters: Linters, offer: FixAction | None
) -> Generator[tuple[FileJob, FileResult], None, list[Batch]]:
    """Take batches from those left until there are none or a process dies; return the ones under way then."""
    running: dict[Future[Results], Batch] = {}
    try:
        with _pool(processes, linters, offer) as pool:
            while left or running:
                while left and len(running) <= processes:
                    with _starting(), _interrupts_held():  # the first one starts the processes
                        running[pool.submit(_check_batch, left[0])] = left[0]
                    left.popleft()
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    results = future.result()
                    del running[future]
                    yield from results
    except BrokenProcessPool:
        return list(running.values())
    except _CannotStartError:
        left.extendleft(running.values())
        raise
    return []


@contextmanager
def _pool(processes: int, linters: Linters, offer: FixAction | None) -> Iterator[ProcessPoolExecutor]:
    """Start processes that check. When the run is interrupted, or one of them dies, they end at once."""
    others = set(multiprocessing.active_children())
    with _starting():
        pool = ProcessPoolExecutor(processes, _CONTEXT, _begin, (Checker(linters, offer),))
    gc.freeze()
    try:
        yield pool
    except BaseException:
        for process in set(multiprocessing.active_children()) - others:
            process.kill()  # which a process that is stopped heeds, too
        raise
    finally:
        gc.unfreeze()
        # Waited for: at exit Python would wake the pool's thread, which may have closed its pipe just then.
        with _starting():  # a thread that could not be started cannot be waited for
            pool.shutdown(cancel_futures=True)


class _CannotStartError(Exception):
    """No processes may be started: a bound on their number or on open files, or no shared memory."""


@contextmanager
def _starting() -> Iterator[None]:
    """Raise :class:`_CannotStartError` for whatever Python raises where it cannot start processes."""
    try:
        yield
    except BrokenProcessPool:
        raise
    except (OSError, RuntimeError, ImportError) as error:
        raise _CannotStartError from error


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


def _check_batch(batch: Batch) -> Results:
    return [(job, _checker(job)) for job in batch]


def _work_and_send(work: Callable[..., Any], arguments: tuple[Any, ...], sender: Connection) -> None:
    _prepare()
    sender.send(work(*arguments))
