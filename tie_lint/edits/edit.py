"""One edit of a text, and what comes of several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tie_lint.python.facts import Span

_NEWLINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, order=True)
class Edit:
    """A stretch of a file and the text to stand there instead.

    Lines and columns count from 1, columns in characters, the end is exclusive: as in findings.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str

    @classmethod
    def of(cls, span: Span, text: str) -> Edit:
        """The edit that puts ``text`` in the place of ``span``."""
        line, column, end_line, end_column = span
        return cls(line, column, end_line, end_column, text)

    def as_json(self) -> dict[str, Any]:
        """The element that ``--output-format json`` prints."""
        return {
            "start": {"line": self.line, "column": self.column},
            "end": {"line": self.end_line, "column": self.end_column},
            "text": self.text,
        }


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text after the edits; of equal ones, one counts. They must not overlap."""
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
    """Whether two sets of edits touch one place and are not the same there."""
    return any(_touch(one, two) for one in some for two in others if one != two)


def _touch(one: Edit, two: Edit) -> bool:
    first, second = sorted((one, two))
    return (second.line, second.column) <= (first.end_line, first.end_column)
