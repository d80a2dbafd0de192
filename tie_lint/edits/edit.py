"""What comes of several edits of one text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable

from tie_lint.finding import Edit

_NEWLINE = re.compile(r"\r\n|\r|\n")


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return the text after the edits; of equal ones, one counts. They must not overlap."""
    starts = [0, *(found.end() for found in _NEWLINE.finditer(text))]
    parts: list[str] = []
    done = 0
    for edit in sorted(set(edits)):
        start = starts[edit.line - 1] + edit.column - 1
        assert done <= start, "edits overlap"
        parts += [text[done:start], edit.text]
        done = starts[edit.end_line - 1] + edit.end_column - 1
    return "".join([*parts, text[done:]])


class Places:
    """Edits that are to be made, of which no two touch one place."""

    def __init__(self) -> None:
        self._edits: list[Edit] = []

    def add(self, edits: Iterable[Edit]) -> None:
        """Take edits that are not in the way of those before them."""
        for edit in edits:
            insort(self._edits, edit)

    def overlap(self, edits: Iterable[Edit]) -> bool:
        """Return whether edits touch a place of those before them and are not the same there."""
        return any(_touch(one, two) for one in edits for two in self._beside(one) if one != two)

    def _beside(self, edit: Edit) -> list[Edit]:
        """Return what comes next before an edit and after it."""
        first, after = bisect_left(self._edits, edit), bisect_right(self._edits, edit)
        return self._edits[max(first - 1, 0) : after + 1]


def _touch(one: Edit, two: Edit) -> bool:
    first, second = sorted((one, two))
    return (second.line, second.column) <= (first.end_line, first.end_column)
