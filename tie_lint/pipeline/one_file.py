"""Check files one at a time, for callers that do not know the file list.

Each has a cache of its own: several processes may check, and none of them knows when all is done.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.pipeline import cache_key
from tie_lint.pipeline.cache import Cache, folder
from tie_lint.pipeline.cache_rows import FileRows
from tie_lint.pipeline.checker import MOST_READ
from tie_lint.pipeline.document import Document
from tie_lint.pipeline.exclusion import Exclusion
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.garbage import GARBAGE, no_collections
from tie_lint.pipeline.linter import Linter
from tie_lint.pipeline.reading import read_document
from tie_lint.pipeline.report import Report
from tie_lint.pipeline.resolver import Resolved
from tie_lint.pipeline.result import FileResult
from tie_lint.python.disk import fingerprint
from tie_lint.python.text import UnreadableSourceError

if TYPE_CHECKING:
    from tie_lint.pipeline.file_resolver import FileResolver


class OneByOne:
    """The pipeline for one file after the other."""

    def __init__(self, resolver: FileResolver, *, cached: bool, freezing: bool = False) -> None:
        """``cached`` says whether results of earlier runs are used and kept, ``freezing`` whether what checks
        keep is passed over by garbage collections of the process, which ends when all is checked."""
        self._resolver, self._how = resolver, (cached, freezing)
        self._exclusion = Exclusion(resolver)
        self._files: dict[int, _Files] = {}

    def check(self, document: Document, noqa: bool = True) -> Report:
        """Return what is found in a document. ``noqa`` says whether comments may silence it.

        Nothing is where the settings exclude the file. An internal error is part of the report: it costs no
        other file. Raises ``UsageError`` for settings that make no sense.
        """
        files = self._files_like(document.path)
        if self._exclusion.match(document.path):
            return Report()
        return files.check(document, noqa)

    def prepare(self, path: Path) -> None:
        """Read now what holds for a file. Raises ``UsageError`` for settings that make no sense."""
        self._files_like(path)

    def _files_like(self, path: Path) -> _Files:
        resolved = self._resolver.of(path)
        if id(resolved) not in self._files:
            self._files[id(resolved)] = _Files(resolved, *self._how)
        return self._files[id(resolved)]


class _Files:
    """The files that have the same settings and targets."""

    def __init__(self, resolved: Resolved, cached: bool, freezing: bool) -> None:
        self._settings, self._targets = resolved
        self._freezing = freezing
        self._linter, self._read = Linter(*resolved), 0
        cache = folder(self._settings) if cached else None
        self._folder = None if cache is None else cache / "files"
        self._run = cache_key.run_key(*resolved)
        self._tool = "" if cache is None else cache_key.tool_key(self._targets)

    def check(self, document: Document, noqa: bool) -> Report:
        """Return what is found in a document."""
        try:
            result = self._result(document, noqa)
        except UnreadableSourceError as error:
            found = tuple(map(document.placed, self._linter.unreadable(document, error).findings))
            result = FileResult(0, found, False, {})
        except Exception as error:
            result = FileResult(0, (), False, {}, (Failure.of(error, document.shown),))
        if result.failures:
            self._linter = self._linter.afresh()
        report = Report([self._targets], result.findings, model_files=int(bool(result.models)))
        report.keep_lines(document, result.findings)
        report.failures += result.failures
        return report

    def _result(self, document: Document, noqa: bool) -> FileResult:
        cache, name = self._cache(document, noqa), str(document.path.absolute())
        known = cache.find(name, document.shown) if cache else None
        if known is not None:
            if cache:
                cache.save()
            return known
        with no_collections():
            checked = self._linter.check(document, noqa)
        seen = self._linter.projects.disk.fingerprints({name, *checked.seen})
        found = tuple(map(document.placed, checked.findings))
        lost = tuple(map(document.placed_model, checked.not_followed))
        result = FileResult(checked.models, found, False, seen, checked.failures, lost)
        self._linter.projects.let_go()
        if cache and not result.failures:
            cache.keep(name, result)
            cache.save()
        self._read += document.size
        if self._read > MOST_READ:
            self._linter, self._read = self._linter.afresh(), 0
        if self._freezing:
            GARBAGE.freeze(document.size)
        return result

    def _cache(self, document: Document, noqa: bool) -> Cache[FileResult] | None:
        """Return the cache of a file; None for a text that is not what is on the disk."""
        if self._folder is None or not self._is_on_disk(document):
            return None
        key = fingerprint(repr((self._run, str(document.path), noqa)).encode("utf-8", "surrogatepass"))
        return Cache(self._folder / f"{key}.json", self._tool, self._linter.projects.disk, FileRows())

    def _is_on_disk(self, document: Document) -> bool:
        try:
            return read_document(document.path, self._linter.projects.disk).text == document.text
        except UnreadableSourceError:
            return False
