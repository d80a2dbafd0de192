"""Check files one at a time, for callers that do not know the file list.

Each has a cache of its own: several processes may check, and none of them knows when all is done.
"""

from __future__ import annotations

from tie_lint.finding import Finding
from tie_lint.library.target import Targets
from tie_lint.pipeline import cache_key
from tie_lint.pipeline.cache import Cache, folder
from tie_lint.pipeline.document import Document
from tie_lint.pipeline.linter import Linter
from tie_lint.pipeline.result import FileResult
from tie_lint.pipeline.workers import MOST_READ, no_collections
from tie_lint.python.disk import fingerprint
from tie_lint.python.text import UnreadableSourceError
from tie_lint.settings import Settings


class OneByOne:
    """The pipeline for one file after the other."""

    def __init__(self, settings: Settings, targets: Targets, cached: bool) -> None:
        self._linter, self._read = Linter(settings, targets), 0
        self._folder = folder(settings) / "files" if cached else None
        self._run = cache_key.run_key(settings, targets)
        self._tool = cache_key.tool_key(targets) if cached else ""

    def check(self, document: Document, noqa: bool) -> tuple[Finding, ...]:
        """Return what is found in a document. ``noqa`` says whether comments may silence it."""
        cache, name = self._cache(document, noqa), str(document.path.absolute())
        known = cache.find(name, document.shown) if cache else None
        if known is not None:
            if cache:
                cache.save()
            return known.findings
        with no_collections():
            checked = self._linter.check(document, noqa)
        if cache:
            seen = self._linter.projects.disk.fingerprints({name, *checked.seen})
            cache.keep(name, FileResult(checked.models, tuple(checked.findings), False, seen))
            cache.save()
        self._read += document.size
        if self._read > MOST_READ:
            self._linter, self._read = self._linter.afresh(), 0
        return tuple(checked.findings)

    def _cache(self, document: Document, noqa: bool) -> Cache | None:
        """Return the cache of a file; None for a text that is not what is on the disk."""
        if self._folder is None or not self._is_on_disk(document):
            return None
        key = fingerprint(repr((self._run, str(document.path), noqa)).encode("utf-8", "surrogatepass"))
        return Cache(self._folder / f"{key}.json", self._tool, self._linter.projects.disk)

    def _is_on_disk(self, document: Document) -> bool:
        try:
            return Document.read(document.path, self._linter.projects.disk).text == document.text
        except UnreadableSourceError:
            return False
