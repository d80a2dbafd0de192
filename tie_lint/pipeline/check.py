"""A run of the command: paths in, a report out."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tie_lint.pipeline.discovery import python_files
from tie_lint.pipeline.globs import Patterns
from tie_lint.pipeline.prefilter import may_hold_models
from tie_lint.pipeline.result import Outcome
from tie_lint.pipeline.workers import Task, Treat, judge_all, settle
from tie_lint.python.disk import Disk
from tie_lint.python.text import UnreadableSourceError, decode, split_lines
from tie_lint.settings import Settings

if TYPE_CHECKING:
    from tie_lint.finding import Finding
    from tie_lint.library.target import Targets
    from tie_lint.pipeline.cache import Cache
    from tie_lint.pipeline.linter import Linter


class Report:
    """The findings in order, the lines of the files they are in, and what was looked at."""

    def __init__(
        self,
        targets: Targets,
        findings: Iterable[Finding] = (),
        lines: Mapping[str, list[str]] | None = None,
        model_files: int = 0,
    ) -> None:
        self.targets, self.findings, self.model_files = targets, list(findings), model_files
        self.lines = dict(lines or {})
        """By the path that findings bear; missing for a file that could not be read."""
        self.fixed: list[Finding] = []
        """What is no longer there because it was mended."""
        self.diffs: list[str] = []
        """What would be written, a unified diff for each file."""
        self.warnings: list[str] = []
        """What was to be mended and was not, and why."""
        self.failures: list[str] = []
        """The files that a mistake of ours kept from being checked, and which it was."""


class Standard(NamedTuple):
    """A text from standard input and the path it stands for."""

    path: Path
    data: bytes


class Means(NamedTuple):
    """How a run is done. What comes of it is the same."""

    jobs: int = 1
    """How many processes may judge files."""
    cache: Path | None = None
    """The folder that outcomes of earlier runs are kept in."""


def run(
    paths: Sequence[Path],
    settings: Settings,
    targets: Targets,
    stdin: Standard | None = None,
    means: Means | None = None,
    *,
    offer: Treat | None = None,
    treat: Treat | None = None,
) -> Report:
    """Check the files that the paths stand for, and the text from standard input.

    ``offer`` is done to every file by itself; ``treat`` to one after the other, when all are judged. Raises
    ``UsageError`` for a path that does not exist.
    """
    report = Report(targets)

    @functools.cache
    def linter() -> Linter:
        from tie_lint.pipeline.linter import Linter

        return Linter(settings, targets)

    if stdin:
        task = Task(stdin.path, os.path.normpath(stdin.path), True, len(stdin.data))
        _add(report, task, *settle(linter(), task, stdin.data, treat or offer))
    disk = Disk()
    tasks = list(_tasks(paths, settings, disk))
    if not tasks:
        linter()  # says so if the settings make no sense
    outcomes = _outcomes(tasks, settings, targets, disk, means or Means(), offer)
    for task in tasks:
        outcome = outcomes.pop(task)
        if treat and outcome.offered:
            _add(report, task, *settle(linter(), task, _read(task.path, Disk()), treat))
        else:
            _add(report, task, outcome, _text(task.path) if outcome.findings else None)
    report.findings.sort()
    return report


def _add(report: Report, task: Task, outcome: Outcome, text: str | None) -> None:
    report.model_files += bool(outcome.models)
    report.findings += outcome.findings
    if outcome.failure:
        report.failures.append(f"{task.shown}: {outcome.failure}")
    if outcome.findings and text is not None:
        report.lines[task.shown] = split_lines(text)


def _tasks(paths: Sequence[Path], settings: Settings, disk: Disk) -> Iterator[Task]:
    """The files that something might be found in."""
    for path, named in python_files(paths, Patterns(settings.exclude, settings.root)):
        data = _read(path, disk)
        if named or isinstance(data, OSError) or _is_candidate(data):
            yield Task(path, os.path.normpath(path), named, 0 if isinstance(data, OSError) else len(data))


def _is_candidate(data: bytes) -> bool:
    try:
        return may_hold_models(decode(data))
    except UnreadableSourceError:
        return True


def _outcomes(
    tasks: Sequence[Task],
    settings: Settings,
    targets: Targets,
    disk: Disk,
    means: Means,
    offer: Treat | None,
) -> dict[Task, Outcome]:
    """What came of each file, in an earlier run or now. Outcomes with offers to show are worked out anew."""
    cache = _cache(settings, targets, disk, means.cache) if means.cache and tasks else None
    found: dict[Task, Outcome] = {}
    for task in tasks:
        known = cache.find(str(task.path.absolute()), task.shown) if cache else None
        if known and not (offer and known.offered):
            found[task] = known
    left = [task for task in tasks if task not in found]
    for task, outcome in judge_all(left, settings, targets, means.jobs, offer):
        found[task] = outcome
        if cache and not outcome.failure and not (offer and outcome.offered):
            cache.keep(str(task.path.absolute()), outcome)
    if cache:
        cache.save()
    return found


def _cache(settings: Settings, targets: Targets, disk: Disk, folder: Path) -> Cache:
    from tie_lint.pipeline import cache_key
    from tie_lint.pipeline.cache import Cache

    return Cache(
        folder / f"{cache_key.of_the_run(settings, targets)}.json", cache_key.of_the_tool(targets), disk
    )


def _read(path: Path, disk: Disk) -> bytes | OSError:
    try:
        return disk.read(str(path.absolute()))
    except OSError as error:
        return error


def _text(path: Path) -> str | None:
    """The text of a file; None where it cannot be read."""
    try:
        return decode(path.read_bytes())
    except (OSError, UnreadableSourceError):
        return None
