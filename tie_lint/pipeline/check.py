"""A run over paths: files in, a report out."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tie_lint.cause import nearest_first
from tie_lint.pipeline.discovery import find_files
from tie_lint.pipeline.document import Document, TextDocument
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.file_job import FileJob, FixAction, WritingAction, check_document
from tie_lint.pipeline.globs import Patterns
from tie_lint.pipeline.prefilter import may_hold_models
from tie_lint.pipeline.reading import document_of, read_document
from tie_lint.pipeline.result import FileResult, NotFollowed
from tie_lint.pipeline.workers import check_all
from tie_lint.python.disk import Disk
from tie_lint.python.text import UnreadableSourceError, split_lines
from tie_lint.settings import Settings

if TYPE_CHECKING:
    from tie_lint.finding import Finding
    from tie_lint.library.target import Targets
    from tie_lint.pipeline.cache import Cache
    from tie_lint.pipeline.linter import Linter
    from tie_lint.pipeline.model_folder import FolderChecker

UNTIED_CONFIG = "TIE201"
"""Says what a config class leaves open; not of a folder whose config.json says it."""


class Diff(NamedTuple):
    """The text of a file before and after its fixes."""

    path: Path
    old: str
    new: str


class Report:
    """The findings in order, the lines of the files they are in, and what was checked."""

    def __init__(
        self,
        targets: Targets,
        findings: Iterable[Finding] = (),
        lines: Mapping[str, list[str]] | None = None,
        model_files: int = 0,
    ) -> None:
        self.targets, self.findings, self.model_files = targets, list(findings), model_files
        self.lines = dict(lines or {})
        """By where findings are; missing for a file that could not be read."""
        self.models = 0
        """How many model classes there are."""
        self.not_followed: list[NotFollowed] = []
        """Those that could not be followed as far as the rules need, with paths as findings have them."""
        self.fixed: list[Finding] = []
        """What is no longer there because it was fixed."""
        self.diffs: list[Diff] = []
        """What would be written."""
        self.warnings: list[str] = []
        """Directories that could not be looked into; what was to be fixed and was not, and why."""
        self.failures: list[Failure] = []
        """Internal errors, because of which findings may be missing."""

    def keep_lines(self, document: Document, findings: Iterable[Finding]) -> None:
        """Keep the lines that the findings of a document point at, where it can be read."""
        with suppress(UnreadableSourceError):
            for finding in findings:
                if finding.where not in self.lines:
                    self.lines[finding.where] = document.shown_lines(finding)


class StandardInput(NamedTuple):
    """A text from standard input and the path it stands for."""

    path: Path
    data: bytes


class RunOptions(NamedTuple):
    """How a run is done. The findings are the same."""

    processes: int = 1
    """How many processes may check files."""
    cache: Path | None = None
    """The folder that results of earlier runs are kept in."""
    comparing: bool = True
    """Whether the values of checkpoints are compared, or only their headers read."""


def check_files(
    paths: Sequence[Path],
    settings: Settings,
    targets: Targets,
    stdin: StandardInput | None = None,
    options: RunOptions | None = None,
    *,
    offer: FixAction | None = None,
    action: WritingAction | None = None,
) -> Report:
    """Check the files that the paths stand for, and the text from standard input.

    ``offer`` is done to every file by itself; ``action`` to one after the other, when all are checked. Raises
    ``UsageError`` for a path that does not exist.
    """
    report = Report(targets)

    @functools.cache
    def linter() -> Linter:
        from tie_lint.pipeline.linter import Linter

        return Linter(settings, targets)

    if stdin:
        document = document_of(stdin.path, os.path.normpath(stdin.path), stdin.data)
        _add(report, document.shown, *check_document(linter(), document, True, action or offer))
    disk = Disk(settings.max_file_size)
    there = find_files(paths, Patterns(settings.exclude, settings.root), report.warnings)
    jobs = list(_jobs(there.sources, disk))
    if not jobs:
        linter()  # raises if the settings make no sense
    results = _results(jobs, settings, targets, disk, options or RunOptions(), offer)
    for job in jobs:
        result = results.pop(job)
        if action and result.offered:
            document = read_document(job.path, Disk(settings.max_file_size), job.shown)
            _add(report, job.shown, *check_document(linter(), document, job.named, action))
        else:
            document = read_document(job.path, Disk(settings.max_file_size), job.shown)
            _add(report, job.shown, result, document)
    _check_folders(report, there.configs, settings, targets, (options or RunOptions()).comparing, action)
    report.findings.sort()
    return report


def _check_folders(
    report: Report,
    configs: Sequence[Path],
    settings: Settings,
    targets: Targets,
    comparing: bool,
    action: WritingAction | None,
) -> None:
    """Check the folders of these configs."""
    checker: FolderChecker | None = None
    for path in configs:
        if checker is None:
            from tie_lint.pipeline.model_folder import FolderChecker

            checker = FolderChecker(settings, targets, comparing=comparing)
        checked = checker.check(path)
        if checked is None:
            continue
        report.model_files += 1
        if checked.says_flag:
            inside = os.path.dirname(checked.shown)  # noqa: PTH120
            report.findings = [
                finding
                for finding in report.findings
                if finding.code != UNTIED_CONFIG or os.path.dirname(finding.path) != inside  # noqa: PTH120
            ]
        if action and checked.findings and checked.text:
            document = TextDocument(path, checked.text, checked.shown)
            checked.findings = action.fix_config(document, checked.findings)
        report.findings += checked.findings
        report.warnings += checked.warnings
        report.failures += checked.failures
        report.lines[checked.shown] = split_lines(checked.text)


def _add(report: Report, shown: str, result: FileResult, document: Document) -> None:
    report.model_files += bool(result.models)
    report.models += result.models
    report.not_followed += [
        lost._replace(causes=tuple(nearest_first(lost.causes, os.path.abspath(shown), shown)))  # noqa: PTH100
        for lost in result.not_followed
    ]
    report.findings += result.findings
    report.failures += result.failures
    report.keep_lines(document, result.findings)


def _jobs(sources: Sequence[tuple[Path, bool]], disk: Disk) -> Iterator[FileJob]:
    """Yield the files that something might be found in."""
    for path, named in sources:
        document = read_document(path, disk)
        if named or _is_candidate(document):
            yield FileJob(path, document.shown, named, document.size)


def _is_candidate(document: Document) -> bool:
    try:
        return may_hold_models(document.text)
    except UnreadableSourceError:
        return True


def _results(
    jobs: Sequence[FileJob],
    settings: Settings,
    targets: Targets,
    disk: Disk,
    options: RunOptions,
    offer: FixAction | None,
) -> dict[FileJob, FileResult]:
    """Return the result for each file: kept from an earlier run, unless its fixes are asked for, or new."""
    cache = _cache(settings, targets, disk, options.cache) if options.cache and jobs else None
    found: dict[FileJob, FileResult] = {}
    for job in jobs:
        known = cache.find(str(job.path.absolute()), job.shown) if cache else None
        if known and not (offer and known.offered):
            found[job] = known
    left = [job for job in jobs if job not in found]
    for job, result in check_all(left, settings, targets, options.processes, offer):
        found[job] = result
        if cache and not result.failures and not (offer and result.offered):
            cache.keep(str(job.path.absolute()), result)
    if cache:
        cache.save()
    return found


def _cache(settings: Settings, targets: Targets, disk: Disk, folder: Path) -> Cache:
    from tie_lint.pipeline import cache_key
    from tie_lint.pipeline.cache import Cache

    name = f"{cache_key.run_key(settings, targets)}.json"
    return Cache(folder / name, cache_key.tool_key(targets), disk)
