"""What comes of several edits of one text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

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


def overlap(some: Sequence[Edit], others: Sequence[Edit]) -> bool:
    """Return whether two sets of edits touch one place and are not the same there."""
    return any(_touch(one, two) for one in some for two in others if one != two)


def _touch(one: Edit, two: Edit) -> bool:
    first, second = sorted((one, two))
    return (second.line, second.column) <= (first.end_line, first.end_column)
