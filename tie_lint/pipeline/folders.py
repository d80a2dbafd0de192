"""The model folders of a run: checked, or known from an earlier run, and added to the report."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.pipeline.cache import Cache, folder
from tie_lint.pipeline.discovery import CONFIG
from tie_lint.pipeline.document import TextDocument
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.folder_result import FolderResult, Note
from tie_lint.pipeline.folder_rows import FolderRows
from tie_lint.pipeline.report import Report, RunOptions
from tie_lint.python.disk import Disk, fingerprint, read_file
from tie_lint.python.text import split_lines

if TYPE_CHECKING:
    from tie_lint.finding import Finding
    from tie_lint.pipeline.file_job import WritingAction
    from tie_lint.pipeline.file_resolver import FileResolver
    from tie_lint.pipeline.model_folder import FolderChecker
    from tie_lint.pipeline.resolver import Resolved

UNTIED_CONFIG = "TIE201"
"""Says what a config class leaves open; not of a folder whose config.json says it."""


def check_folders(
    report: Report,
    configs: Sequence[Path],
    resolver: FileResolver,
    options: RunOptions,
    action: WritingAction | None,
) -> None:
    """Check the folders of these configs, and add what is found to the report."""
    known: dict[int, _Folders] = {}
    results: dict[str, FolderResult] = {}
    for path in configs:
        if options.changed is not None and not _has_changed(path, options.changed):
            continue
        resolved = resolver.of(path)
        if id(resolved) not in known:
            known[id(resolved)] = _Folders(resolved, options)
        shown = os.path.normpath(path)
        result = known[id(resolved)].result(path, shown)
        if result is not None and action:
            result = _fixed(path, shown, result, action, resolved.settings.unsafe_fixes)
        if result is not None:
            results[shown] = result
    report.findings = list(_judged(report.findings, results))
    for shown, result in results.items():
        _add(report, shown, result)
    for folders in known.values():
        folders.save()


def _has_changed(config: Path, changed: frozenset[str]) -> bool:
    """Whether a file in the folder of a config has changed."""
    folder = os.path.realpath(config.parent)
    return any(os.path.dirname(path) == folder for path in changed)  # noqa: PTH120


class _Folders:
    """The folders with the same settings and targets."""

    def __init__(self, resolved: Resolved, options: RunOptions) -> None:
        self._resolved, self._comparing, self._begin = resolved, options.comparing, options.begin
        self._checker: FolderChecker | None = None
        self._cache = self._kept() if options.cached else None

    def _kept(self) -> Cache[FolderResult] | None:
        from tie_lint.pipeline import cache_key

        settings, targets = self._resolved
        around = folder(settings)
        if around is None:
            return None
        run = repr(("folders", cache_key.run_key(settings, targets), self._comparing))
        path = around / f"{fingerprint(run.encode())}.json"
        return Cache(path, cache_key.tool_key(targets), Disk(settings.max_file_size), FolderRows())

    def result(self, path: Path, shown: str) -> FolderResult | None:
        """Return what is found in the folder of a config; None where it is of no model."""
        name = str(path.absolute())
        found = self._cache.find(name, shown) if self._cache else None
        if found is not None:
            return found
        alone = self._begin()
        if self._checker is None:
            from tie_lint.pipeline.model_folder import FolderChecker

            self._checker = FolderChecker(*self._resolved, comparing=self._comparing)
        found = self._check_alone(path, shown) if alone else self._checker.check(path)
        if self._cache and found is not None and found.seen is not None and not found.failures:
            self._cache.keep(name, found)
        return found

    def _check_alone(self, path: Path, shown: str) -> FolderResult | None:
        from tie_lint.pipeline.processes import ProcessDiedError, alone

        assert self._checker is not None
        try:
            return alone(self._checker.check, path)
        except ProcessDiedError as error:
            failure = Failure(shown, None, f"the process that checked it died ({error})", "")
            return FolderResult(self._resolved.targets, failures=(failure,))

    def save(self) -> None:
        if self._cache:
            self._cache.save()


def _fixed(path: Path, shown: str, result: FolderResult, action: WritingAction, unsafe: bool) -> FolderResult:
    """Return the result after config.json was fixed."""
    text = _text(path) if result.findings else ""
    if not text:
        return result
    left = action.fix_config(TextDocument(path, text, shown), [*result.findings], unsafe)
    return result._replace(findings=tuple(left))


def _add(report: Report, shown: str, result: FolderResult) -> None:
    report.model_files += 1
    if result.targets not in report.targets:
        report.targets.append(result.targets)
    report.targets_of[shown] = result.targets
    report.targets_of.update(dict.fromkeys([one.path for one in result.code], result.targets))
    report.findings += [*result.findings, *result.code]
    report.warnings += [f"{shown}: {warning}" for warning in result.warnings]
    report.failures += result.failures
    for path in {finding.path for finding in (*result.findings, *result.code)}:
        if path not in report.lines and path.endswith((".py", ".json")):
            report.lines[path] = split_lines(_text(Path(path)))


def _judged(findings: Iterable[Finding], results: Mapping[str, FolderResult]) -> Iterator[Finding]:
    """Yield the findings with what config.json makes of those about the code beside it."""
    for finding in findings:
        folder, name = os.path.split(finding.path)
        result = results.get(os.path.join(folder, CONFIG))  # noqa: PTH118
        if result is None:
            yield finding
        elif not (result.says_flag and finding.code == UNTIED_CONFIG):
            place = name, finding.code, finding.line, finding.column
            note = next((one for one in result.notes if one[:4] == place), None)
            yield finding if note is None else _noted(finding, note)


def _noted(finding: Finding, note: Note) -> Finding:
    from tie_lint.record import replace

    return replace(finding, notes=(*finding.notes, note.text), severity=note.severity)


def _text(path: Path) -> str:
    with suppress(OSError, ValueError):
        return read_file(str(path)).decode("utf-8")
    return ""
