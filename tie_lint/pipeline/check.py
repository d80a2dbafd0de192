"""A run over paths: files in, a report out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.cause import nearest_first
from tie_lint.pipeline.discovery import find_files
from tie_lint.pipeline.document import Document
from tie_lint.pipeline.exclusion import Exclusion
from tie_lint.pipeline.file_job import FileJob, FixAction, WritingAction, check_document
from tie_lint.pipeline.linters import Linters
from tie_lint.pipeline.prefilter import is_without_models, may_hold_models
from tie_lint.pipeline.reading import document_of, read_document
from tie_lint.pipeline.report import Report, RunOptions
from tie_lint.pipeline.result import FileResult
from tie_lint.pipeline.workers import check_all
from tie_lint.python.disk import Disk, is_folder, read_file
from tie_lint.python.text import UnreadableSourceError
from tie_lint.record import NamedTuple
from tie_lint.settings import Settings

if TYPE_CHECKING:
    from tie_lint.library.target import Targets
    from tie_lint.pipeline.cache import Cache
    from tie_lint.pipeline.file_resolver import FileResolver


class StandardInput(NamedTuple):
    """A text from standard input and the path it stands for."""

    path: Path
    data: bytes


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
    options = options or RunOptions()
    report, linters, exclusion = Report(), Linters(), Exclusion(resolver)
    if stdin and not exclusion.match(stdin.path):
        group = linters.number(resolver.of(stdin.path))
        document = document_of(stdin.path, os.path.normpath(stdin.path), stdin.data)
        options.begin()
        checked = check_document(linters[group], document, True, action or offer)
        _add(report, document.shown, *checked, linters.resolved(group).targets)
    there = find_files(paths, exclusion, report.warnings, _passing_over(resolver))
    disks = Disks()
    jobs = list(_jobs(there.sources, resolver, linters, disks))
    results = _results(jobs, linters, disks, options, offer)
    for job in jobs:
        result = results.pop(job)
        if options.changed is not None and not _depends(job, result, options.changed):
            continue
        resolved = linters.resolved(job.group)
        now: Document | None = None
        if result.findings or (action and result.offered):
            now = read_document(job.path, Disk(resolved.settings.max_file_size), job.shown)
            if action and result.offered:
                options.begin()
                result, now = check_document(linters[job.group], now, job.named, action)
        _add(report, job.shown, result, now, resolved.targets)
    if there.configs:
        from tie_lint.pipeline.folders import check_folders

        check_folders(report, there.configs, resolver, options, action)
    report.findings.sort()
    if not report.targets:
        first = paths[0] if paths else Path()
        resolved = resolver.of(first / "model.py" if is_folder(first) else first)
        if not resolved.settings.selects_all:  # else importing all rules would take longer than such a run
            from tie_lint.pipeline.selection import check_selection

            check_selection(resolved.settings)
        report.targets.append(resolved.targets)
    return report


def _add(report: Report, shown: str, result: FileResult, document: Document | None, targets: Targets) -> None:
    """Add a result to the report; ``document`` is what the findings are of, if there are any."""
    if (result.models or result.findings) and targets not in report.targets:
        report.targets.append(targets)
    report.targets_of[shown] = targets
    report.model_files += bool(result.models)
    report.models += result.models
    report.not_followed += [
        lost._replace(causes=tuple(nearest_first(lost.causes, os.path.abspath(shown), shown)))  # noqa: PTH100
        for lost in result.not_followed
    ]
    report.findings += result.findings
    report.failures += result.failures
    if document is not None:
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


def _passing_over(resolver: FileResolver) -> Callable[[str, str], bool]:
    """Return what says of the path of a file whether its bytes show that there is no model in it.

    It is also given the real path of the folder.
    """
    largest: dict[str, int] = {}

    def passes_over(path: str, folder: str) -> bool:
        if not path.endswith(".py"):
            return False
        if folder not in largest:
            largest[folder] = resolver.settings_of(Path(folder)).max_file_size
        try:
            return is_without_models(read_file(path, largest[folder]))
        except OSError:
            return False

    return passes_over


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
    """Return the result for each file: kept from an earlier run, unless that has not its fixes, or new."""
    caches: dict[int, Cache[FileResult] | None] = {}
    found: dict[FileJob, FileResult] = {}
    for job in jobs:
        if job.group not in caches:
            resolved = linters.resolved(job.group)
            caches[job.group] = _cache(*resolved, disks.of(resolved.settings)) if options.cached else None
        cache = caches[job.group]
        known = cache.find(str(job.path.absolute()), job.shown) if cache else None
        if known and (known.fixes in (options.fixes, "each") or not (offer and known.offered)):
            found[job] = known if offer else _without_fixes(known)
            if cache and options.changed is not None:
                found[job] = found[job]._replace(
                    seen=dict.fromkeys(cache.depends_on(str(job.path.absolute())))
                )
    left = [job for job in jobs if job not in found]
    for job, result in check_all(left, linters, options.processes, offer, begin=options.begin):
        found[job] = result
        if options.progress:
            options.progress(len(found), len(jobs))
        cache = caches[job.group]
        if cache and not result.failures:
            cache.keep(str(job.path.absolute()), result)
    for cache in caches.values():
        if cache:
            cache.save()
    return found


def _depends(job: FileJob, result: FileResult, changed: frozenset[str]) -> bool:
    """Whether a file, or one that its result depends on, is among the changed ones."""
    names = {os.path.basename(path) for path in changed}  # noqa: PTH119
    seen = (str(job.path.absolute()), *result.seen)
    return any(os.path.basename(path) in names and os.path.realpath(path) in changed for path in seen)  # noqa: PTH119


def _without_fixes(result: FileResult) -> FileResult:
    """Return what nobody has asked the fixes of."""
    if not result.fixes:
        return result
    from tie_lint.record import replace

    found = tuple(replace(finding, fix=None) for finding in result.findings)
    return result._replace(findings=found, fixes="")


def _cache(settings: Settings, targets: Targets, disk: Disk) -> Cache[FileResult] | None:
    """Return the cache of files with some settings and targets; None where there can be none."""
    from tie_lint.pipeline import cache_key
    from tie_lint.pipeline.cache import Cache, folder
    from tie_lint.pipeline.cache_rows import FileRows

    around = folder(settings)
    if around is None:
        return None
    path = around / f"{cache_key.run_key(settings, targets)}.json"
    return Cache(path, cache_key.tool_key(targets), disk, FileRows())
