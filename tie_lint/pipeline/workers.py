"""Judging files, here or in several processes. What comes of it is the same."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tie_lint.errors import UsageError
from tie_lint.pipeline.prefilter import may_hold_models
from tie_lint.pipeline.result import Outcome
from tie_lint.python.text import UnreadableSourceError, decode
from tie_lint.settings import Settings

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from tie_lint.finding import Finding
    from tie_lint.library.target import Targets
    from tie_lint.pipeline.linter import Checked, Linter

WORTH_A_PROCESS = 50_000
"""Bytes of source that take longer to judge than a process takes to start."""
BATCHES = 6
"""How many batches each process gets at least: the last ones are small, so that all end together."""


MOST_READ = 3_000_000
"""Bytes of source that a process judges before it forgets what it has read, which bounds its memory."""


class Task(NamedTuple):
    """A file to judge."""

    path: Path
    shown: str
    """The path that its findings bear."""
    named: bool
    """Whether it was named itself: then it is parsed even if it cannot hold a model."""
    size: int


class Held(NamedTuple):
    """A file that was checked, as it was read."""

    path: Path
    shown: str
    """The path that its findings bear."""
    data: bytes
    text: str
    checked: Checked


Treat = Callable[["Linter", Held], tuple["list[Finding]", str]]
"""What to do about a file with findings that may be mended: gives the findings to report, and the text that
they are of. The linter lints by the settings of the run."""


def judge(linter: Linter, task: Task, offer: Treat | None) -> Outcome:
    """The outcome for one file, as the linter finds it on the disk."""
    try:
        data: bytes | OSError = linter.projects.disk.read(str(task.path.absolute()))
    except OSError as error:
        data = error
    return settle(linter, task, data, offer)[0]


def settle(
    linter: Linter, task: Task, data: bytes | OSError, treat: Treat | None
) -> tuple[Outcome, str | None]:
    """The outcome for a file that was read, when it has been treated; and its text then, where it has one.

    A mistake of ours about one file is part of its outcome: it takes nothing away from the others.
    """
    try:
        return _settled(linter, task, data, treat)
    except UsageError:
        raise
    except Exception as error:
        return Outcome(0, (), False, {}, _told(error)), None


def _told(error: Exception) -> str:
    """An error and where in our own code it comes from."""
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(frame.filename).name}:{frame.lineno})"


def _settled(
    linter: Linter, task: Task, data: bytes | OSError, treat: Treat | None
) -> tuple[Outcome, str | None]:
    checked, text = _check(linter, task, data)
    findings, offered = checked.findings, any(found.offers for found in checked.findings)
    if treat and offered and text is not None and isinstance(data, bytes):
        findings, text = treat(linter, Held(task.path, task.shown, data, text, checked))
    # An offer holds on to all that is known of its model.
    plain = tuple(found.without_offers() for found in findings)
    seen = linter.projects.disk.fingerprints({str(task.path.absolute()), *checked.seen})
    return Outcome(checked.models, plain, offered, seen), text


def _check(linter: Linter, task: Task, data: bytes | OSError) -> tuple[Checked, str | None]:
    """What is found in one file, and its text. Only a named file is parsed if it cannot hold a model."""
    from tie_lint.pipeline.linter import Checked

    text = None
    try:
        if isinstance(data, OSError):
            raise UnreadableSourceError(data.strerror or str(data))
        text = decode(data)
        if may_hold_models(text):
            return linter.check(task.path, task.shown, text), text
        if task.named:
            from tie_lint.python.outline import parse

            parse(text)
    except UnreadableSourceError as error:
        return linter.unreadable(task.path, task.shown, error), text
    return Checked(0, []), text


def judge_all(
    tasks: Sequence[Task], settings: Settings, targets: Targets, jobs: int, offer: Treat | None
) -> Iterator[tuple[Task, Outcome]]:
    """The outcome for each file, in no particular order, worked out by up to that many processes."""
    if not tasks:
        return
    from tie_lint.pipeline.linter import Linter

    jobs = min(jobs, len(tasks), sum(task.size for task in tasks) // WORTH_A_PROCESS)
    linter = Linter(settings, targets)
    if jobs < 2:
        judging = _Judging(linter, offer)
        with no_collections():
            for task in tasks:
                yield task, judging(task)
        return
    linter.prepare()
    with _pool(jobs, linter, offer) as pool:
        for outcomes in pool.map(_judge_batch, batches(tasks, jobs)):
            yield from outcomes


def batches(tasks: Iterable[Task], jobs: int) -> list[list[Task]]:
    """The files in batches of neighbours, which have much to read in common, the largest first."""
    by_folder: dict[Path, list[Task]] = {}
    for task in tasks:
        by_folder.setdefault(task.path.parent, []).append(task)
    most = sum(task.size for group in by_folder.values() for task in group) // (jobs * BATCHES)
    found: list[list[Task]] = []
    for group in by_folder.values():
        size = most + 1
        for task in group:
            if size > most:
                found.append([])
                size = 0
            found[-1].append(task)
            size += task.size
    return sorted(found, key=lambda batch: -sum(task.size for task in batch))


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


class _Judging:
    """Judges one file after the other."""

    def __init__(self, linter: Linter, offer: Treat | None) -> None:
        self._linter, self._offer, self._read = linter, offer, 0

    def __call__(self, task: Task) -> Outcome:
        if self._read > MOST_READ:
            self._linter, self._read = self._linter.afresh(), 0
            gc.collect()
        self._read += task.size
        outcome = judge(self._linter, task, self._offer)
        if outcome.failure:
            self._linter = self._linter.afresh()
        gc.collect(1)
        return outcome


_judging: _Judging


@contextmanager
def _pool(jobs: int, linter: Linter, offer: Treat | None) -> Iterator[ProcessPoolExecutor]:
    """Processes that judge. Where they can be forked they share what the linter has read."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    fresh = linter if sys.platform == "linux" else linter.afresh()
    gc.freeze()
    pool = ProcessPoolExecutor(jobs, context, _begin, (fresh, offer))
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        gc.unfreeze()


def _begin(linter: Linter, offer: Treat | None) -> None:
    """Make ready a process."""
    import signal

    global _judging
    _judging = _Judging(linter, offer)
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _judge_batch(batch: Sequence[Task]) -> list[tuple[Task, Outcome]]:
    return [(task, _judging(task)) for task in batch]
