"""Explanations of earlier runs, kept for as long as everything they depend on is what it was.

Each file has a cache of its own, and each of its classes that was asked for by itself: one is looked up
without reading what is known of all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tie_lint.cause import Cause
from tie_lint.pipeline import cache_key
from tie_lint.pipeline.cache import Cache, folder
from tie_lint.pipeline.cache_rows import as_number, as_text
from tie_lint.pipeline.explanation import Explanation
from tie_lint.pipeline.resolver import Resolved
from tie_lint.python.disk import Disk, fingerprint
from tie_lint.record import NamedTuple


class ExplainedFile(NamedTuple):
    """The explanations of a file, or of one of its classes."""

    explanations: Sequence[Explanation]
    seen: dict[str, str | None]


class KeptExplanations:
    """What is kept of the files that have the same settings and targets."""

    def __init__(self, resolved: Resolved) -> None:
        settings, targets = resolved
        around = folder(settings)
        self._folder = None if around is None else around / "explained"
        self._run = cache_key.run_key(settings, targets), targets.source
        self._tool = "" if around is None else cache_key.tool_key(targets)
        self._disk = Disk(settings.max_file_size)

    def find(self, path: Path, class_name: str) -> list[Explanation]:
        """Return what is known of a file, or of one of its classes; nothing where that is not known."""
        cache = self._cache(path, class_name)
        found = cache and cache.find(str(path.absolute()), str(path))
        if not (cache and found):
            return []
        cache.save()
        return [*found.explanations]

    def keep(self, path: Path, class_name: str, explained: ExplainedFile) -> None:
        """Keep what was found out."""
        if cache := self._cache(path, class_name):
            cache.keep(str(path.absolute()), explained)
            cache.save()

    def _cache(self, path: Path, class_name: str) -> Cache[ExplainedFile] | None:
        if self._folder is None:
            return None
        key = fingerprint(repr((self._run, str(path), class_name)).encode("utf-8", "surrogatepass"))
        return Cache(self._folder / f"{key}.json", self._tool, self._disk, _Rows())


class _Rows:
    """Explanations as rows: facts are JSON anyway."""

    def row(self, outcome: ExplainedFile) -> list[Any]:
        """Return what is kept of a file."""
        return [[[one.facts, one.reasons] for one in outcome.explanations]]

    def read(self, shown: str, row: list[Any]) -> ExplainedFile:
        """Return the explanations of a row."""
        (explanations,) = row
        found = [Explanation(dict(facts), _reasons(reasons), None) for facts, reasons in explanations]
        return ExplainedFile(found, {})


def _reasons(rows: dict[str, list[Any]]) -> dict[str, list[Cause]]:
    return {name: [_cause(*row) for row in causes] for name, causes in rows.items()}


def _cause(text: Any, path: Any, line: Any, cell: Any) -> Cause:
    numbers = (None if number is None else as_number(number) for number in (line, cell))
    return Cause(as_text(text), as_text(path), *numbers)
