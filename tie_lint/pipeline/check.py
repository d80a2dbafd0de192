"""A run over paths: files in, a report out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tie_lint.cause import nearest_first
from tie_lint.pipeline.discovery import find_files
from tie_lint.pipeline.document import Document, TextDocument
from tie_lint.pipeline.exclusion import Exclusion
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.file_job import FileJob, FixAction, WritingAction, check_document
from tie_lint.pipeline.linters import Linters
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
    from tie_lint.pipeline.file_resolver import FileResolver
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
        targets: Iterable[Targets] = (),
        findings: Iterable[Finding] = (),
        lines: Mapping[str, list[str]] | None = None,
        model_files: int = 0,
    ) -> None:
        self.targets = list(targets)
        """What the model files were checked against, each once."""
        self.findings, self.model_files = list(findings), model_files
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
    cached: bool = False
    """Whether results of earlier runs are used and kept."""
    comparing: bool = True
    """Whether the values of checkpoints are compared, or only their headers read."""


def check_files(
    paths: Sequence[Path],
    resolver: FileResolver,
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
    report, linters, exclusion = Report(), Linters(), Exclusion(resolver)
    if stdin and not exclusion.match(stdin.path, of_git=False):
        group = linters.number(resolver.of(stdin.path))
        document = document_of(stdin.path, os.path.normpath(stdin.path), stdin.data)
        checked = check_document(linters[group], document, True, action or offer)
        _add(report, document.shown, *checked, linters.resolved(group).targets)
    there = find_files(paths, exclusion, report.warnings)
    disks = Disks()
    jobs = list(_jobs(there.sources, resolver, linters, disks))
    results = _results(jobs, linters, disks, options or RunOptions(), offer)
    for job in jobs:
        result = results.pop(job)
        settings = linters.resolved(job.group).settings
        document = read_document(job.path, Disk(settings.max_file_size), job.shown)
        if action and result.offered:
            result, document = check_document(linters[job.group], document, job.named, action)
        _add(report, job.shown, result, document, linters.resolved(job.group).targets)
    _check_folders(report, there.configs, resolver, (options or RunOptions()).comparing, action)
    report.findings.sort()
    if not report.targets:
        first = paths[0] if paths else Path()
        resolved = resolver.of(first / "model.py" if first.is_dir() else first)
        from tie_lint.pipeline.selection import check_selection

        check_selection(resolved.settings)
        report.targets.append(resolved.targets)
    return report


def _check_folders(
    report: Report,
    configs: Sequence[Path],
    resolver: FileResolver,
    comparing: bool,
    action: WritingAction | None,
) -> None:
    """Check the folders of these configs."""
    checkers: dict[int, FolderChecker] = {}
    for path in configs:
        resolved = resolver.of(path)
        if id(resolved) not in checkers:
            from tie_lint.pipeline.model_folder import FolderChecker

            checkers[id(resolved)] = FolderChecker(*resolved, comparing=comparing)
        checked = checkers[id(resolved)].check(path)
        if checked is None:
            continue
        report.model_files += 1
        if checked.targets not in report.targets:
            report.targets.append(checked.targets)
        if checked.says_flag:
            inside = os.path.dirname(checked.shown)  # noqa: PTH120
            report.findings = [
                finding
                for finding in report.findings
                if finding.code != UNTIED_CONFIG or os.path.dirname(finding.path) != inside  # noqa: PTH120
            ]
        if action and checked.findings and checked.text:
            document = TextDocument(path, checked.text, checked.shown)
            checked.findings = action.fix_config(document, checked.findings, resolved.settings.unsafe_fixes)
        report.findings += checked.findings
        report.warnings += checked.warnings
        report.failures += checked.failures
        report.lines[checked.shown] = split_lines(checked.text)


def _add(report: Report, shown: str, result: FileResult, document: Document, targets: Targets) -> None:
    if (result.models or result.findings) and targets not in report.targets:
        report.targets.append(targets)
    report.model_files += bool(result.models)
    report.models += result.models
    report.not_followed += [
        lost._replace(causes=tuple(nearest_first(lost.causes, os.path.abspath(shown), shown)))  # noqa: PTH100
        for lost in result.not_followed
    ]
    report.findings += result.findings
    report.failures += result.failures
    report.keep_lines(document, result.findings)


class Disks:
    """What a run saw of the disk, by the largest file that is read."""

    def __init__(self) -> None:
        self._known: dict[int, Disk] = {}

    def of(self, settings: Settings) -> Disk:
        """Return what is seen with some settings."""
        return self._known.setdefault(settings.max_file_size, Disk(settings.max_file_size))


def _jobs(
    sources: Sequence[tuple[Path, bool]], resolver: FileResolver, linters: Linters, disks: Disks
) -> Iterator[FileJob]:
    """Yield the files that something might be found in."""
    for path, named in sources:
        settings = resolver.settings_of(Path(os.path.realpath(path.parent)))
        document = read_document(path, disks.of(settings))
        if named or _is_candidate(document):
            group = linters.number(resolver.of(path))
            yield FileJob(path, document.shown, named, document.size, group)


def _is_candidate(document: Document) -> bool:
    try:
        return may_hold_models(document.text)
    except UnreadableSourceError:
        return True


def _results(
    jobs: Sequence[FileJob],
    linters: Linters,
    disks: Disks,
    options: RunOptions,
    offer: FixAction | None,
) -> dict[FileJob, FileResult]:
    """Return the result for each file: kept from an earlier run, unless its fixes are asked for, or new."""
    caches: dict[int, Cache | None] = {}
    found: dict[FileJob, FileResult] = {}
    for job in jobs:
        if job.group not in caches:
            resolved = linters.resolved(job.group)
            caches[job.group] = _cache(*resolved, disks.of(resolved.settings)) if options.cached else None
        cache = caches[job.group]
        known = cache.find(str(job.path.absolute()), job.shown) if cache else None
        if known and not (offer and known.offered):
            found[job] = known
    left = [job for job in jobs if job not in found]
    for job, result in check_all(left, linters, options.processes, offer):
        found[job] = result
        cache = caches[job.group]
        if cache and not result.failures and not (offer and result.offered):
            cache.keep(str(job.path.absolute()), result)
    for cache in caches.values():
        if cache:
            cache.save()
    return found


def _cache(settings: Settings, targets: Targets, disk: Disk) -> Cache | None:
    """Return the cache of files with some settings and targets; None where there can be none."""
    from tie_lint.pipeline import cache_key
    from tie_lint.pipeline.cache import Cache, folder

    around = folder(settings)
    if around is None:
        return None
    return Cache(around / f"{cache_key.run_key(settings, targets)}.json", cache_key.tool_key(targets), disk)
