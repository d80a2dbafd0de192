"""A linter for each of the settings and targets that the files of a run have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tie_lint.pipeline.resolver import Resolved

if TYPE_CHECKING:
    from tie_lint.pipeline.linter import Linter


class Linters:
    """Settings and targets by number, and the linters of those that were asked for."""

    def __init__(self) -> None:
        self._resolved: list[Resolved] = []
        self._made: dict[int, Linter] = {}

    def number(self, resolved: Resolved) -> int:
        """Return the number of settings and targets, which is new if they are."""
        for number, known in enumerate(self._resolved):
            if known is resolved:
                return number
        self._resolved.append(resolved)
        return len(self._resolved) - 1

    def resolved(self, number: int) -> Resolved:
        """Return the settings and targets of a number."""
        return self._resolved[number]

    def __getitem__(self, number: int) -> Linter:
        """Return the linter of a number. Raises ``UsageError`` where the settings make no sense."""
        if number not in self._made:
            from tie_lint.pipeline.linter import Linter

            self._made[number] = Linter(*self._resolved[number])
        return self._made[number]

    def prepare(self, numbers: Iterable[int]) -> None:
        """Import and read now what checking any model takes."""
        for number in numbers:
            self[number].prepare()

    def afresh(self) -> Linters:
        """Return the same with nothing kept of any file, but for which there are and what they import."""
        new = Linters()
        new._resolved = self._resolved
        new._made = {number: linter.afresh() for number, linter in self._made.items()}
        for number, linter in self._made.items():
            new._made[number].surroundings = linter.surroundings
        return new
