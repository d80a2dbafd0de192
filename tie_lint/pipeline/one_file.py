"""Checking files one at a time, for who does not say beforehand which there will be.

Each has a cache of its own: several processes may check, and none of them knows when all is done.
"""

from __future__ import annotations

from pathlib import Path

from tie_lint.finding import Finding
from tie_lint.library.target import Targets
from tie_lint.pipeline import cache_key
from tie_lint.pipeline.cache import Cache, folder
from tie_lint.pipeline.linter import Linter
from tie_lint.pipeline.result import Outcome
from tie_lint.pipeline.workers import MOST_READ, no_collections
from tie_lint.python.disk import fingerprint
from tie_lint.python.text import UnreadableSourceError, decode
from tie_lint.settings import Settings


class FileByFile:
    """The pipeline for one file after the other."""

    def __init__(self, settings: Settings, targets: Targets, cached: bool) -> None:
        self._linter, self._read = Linter(settings, targets), 0
        self._folder = folder(settings) / "files" if cached else None
        self._run = cache_key.of_the_run(settings, targets)
        self._tool = cache_key.of_the_tool(targets) if cached else ""

    def __call__(self, path: Path, text: str, noqa: bool) -> tuple[Finding, ...]:
        """What is found in a file that has that text. ``noqa`` says whether comments may silence it."""
        cache, name = self._cache(path, text, noqa), str(path.absolute())
        known = cache.find(name, str(path)) if cache else None
        if known is not None:
            if cache:
                cache.save()
            return known.findings
        with no_collections():
            checked = self._linter.check(path, str(path), text, noqa)
        if cache:
            seen = self._linter.projects.disk.fingerprints({name, *checked.seen})
            cache.keep(name, Outcome(checked.models, tuple(checked.findings), False, seen))
            cache.save()
        self._read += len(text)
        if self._read > MOST_READ:
            self._linter, self._read = self._linter.afresh(), 0
        return tuple(checked.findings)

    def _cache(self, path: Path, text: str, noqa: bool) -> Cache | None:
        """The cache of a file; None for a text that is not what is on the disk."""
        if self._folder is None or not self._is_on_disk(path, text):
            return None
        key = fingerprint(repr((self._run, str(path), noqa)).encode("utf-8", "surrogatepass"))
        return Cache(self._folder / f"{key}.json", self._tool, self._linter.projects.disk)

    def _is_on_disk(self, path: Path, text: str) -> bool:
        try:
            return decode(self._linter.projects.disk.read(str(path.absolute()))) == text
        except (OSError, UnreadableSourceError):
            return False
