"""Findings and edits in the protocol's words: lines from 0, columns in UTF-16 code units."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from tie_lint.finding import Edit, Finding
from tie_lint.python.text import split_lines

SOURCE = "tie-lint"


class Positions:
    """Positions in one text."""

    def __init__(self, text: str) -> None:
        self.lines = split_lines(text)
        """The lines, without their ends."""

    def position(self, line: int, column: int) -> types.Position:
        """Return a position, whose line and column count from 1, columns in characters."""
        before = self.lines[line - 1][: column - 1] if 0 < line <= len(self.lines) else ""
        return types.Position(max(line - 1, 0), len(before.encode("utf-16-le", "surrogatepass")) // 2)

    def range(self, line: int, column: int, end_line: int, end_column: int) -> types.Range:
        """Return the range between two positions."""
        return types.Range(self.position(line, column), self.position(end_line, end_column))

    def edits(self, edits: Sequence[Edit]) -> list[types.TextEdit]:
        """Return edits of the text."""
        return [
            types.TextEdit(self.range(one.line, one.column, one.end_line, one.end_column), one.text)
            for one in edits
        ]

    @property
    def whole(self) -> types.Range:
        """The range of all of the text."""
        return self.range(1, 1, len(self.lines), len(self.lines[-1]) + 1)


_SEVERITIES = {"error": types.DiagnosticSeverity.Error, "warning": types.DiagnosticSeverity.Warning}


def diagnostic(
    finding: Finding,
    at: types.Range,
    several: bool,
    related: Sequence[types.DiagnosticRelatedInformation] = (),
) -> types.Diagnostic:
    """Return a finding as a diagnostic; ``several`` says whether there is more than one target."""
    targets = f" [transformers {', '.join(finding.transformers)}]" if several else ""
    return types.Diagnostic(
        range=at,
        message=f"{finding.message}{targets}",
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        code_description=types.CodeDescription(href=finding.url),
        source=SOURCE,
        related_information=list(related) or None,
    )


def span_of(finding: Finding) -> tuple[int, int, int, int]:
    """Return where a finding is in the text that was checked."""
    return finding.line, finding.column, finding.end_line, finding.end_column


def is_within(position: types.Position, range_: types.Range) -> bool:
    """Return whether a position is in a range, its end included."""
    point = position.line, position.character
    start, end = range_.start, range_.end
    return (start.line, start.character) <= point <= (end.line, end.character)


def overlap(one: types.Range, two: types.Range) -> bool:
    """Return whether two ranges share a position."""
    return is_within(one.start, two) or is_within(two.start, one)
