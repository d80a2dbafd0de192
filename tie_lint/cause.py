"""Causes: why something is unknown, and where that came to be. Plain data: they go into the cache, too."""

from __future__ import annotations

import os
from collections.abc import Iterable

from tie_lint.record import NamedTuple


class Cause(NamedTuple):
    """Why something is unknown."""

    text: str
    """The construct that could not be followed."""
    path: str
    """The file; for code of a library the dotted name of its class or module."""
    line: int | None
    """The line of the statement that was run; None for code of a library, whose facts have no lines."""
    cell: int | None = None
    """The cell of a notebook that the line is counted in, from 1."""

    def __str__(self) -> str:
        return self.text

    @property
    def place(self) -> str:
        """Return ``path:line``, or the dotted name."""
        return self.path if self.line is None else f"{with_cell(self.path, self.cell)}:{self.line}"

    def saying(self, text: str) -> Cause:
        """Return another text about the same place: what comes of an unknown has the cause of that."""
        return self._replace(text=text)


def with_cell(path: str, cell: int | None) -> str:
    """Return what lines are counted in: a file, or a cell of a notebook."""
    return path if cell is None else f"{path}:cell {cell}"


def nearest_first(causes: Iterable[Cause], path: str, shown: str) -> list[Cause]:
    """Return each cause once: those in a file, in other files, then in the library.

    ``path`` is that file, absolute, and ``shown`` how it is shown: other files are shown as seen from there.
    """

    def as_shown(cause: Cause) -> Cause:
        return cause if cause.line is None else cause._replace(path=shown_beside(cause.path, path, shown))

    def distance(cause: Cause) -> tuple[bool, bool]:
        return cause.line is None, cause.path != path

    return [as_shown(cause) for cause in sorted(dict.fromkeys(causes), key=distance)]


def shown_beside(other: str, path: str, shown: str) -> str:
    """Return how a file is shown beside the one at ``path`` that is shown as ``shown``; both are absolute."""
    near, seen = os.path.dirname(path), os.path.dirname(shown)  # noqa: PTH120
    return os.path.normpath(os.path.join(seen, os.path.relpath(other, near)))  # noqa: PTH118
