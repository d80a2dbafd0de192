"""What every front end shows of one defect, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from tie_lint.cause import with_cell
from tie_lint.record import Data, field

Severity = Literal["error", "warning"]


class Edit(Data):
    """A stretch of a file and the text to stand there instead.

    Lines and columns count from 1, columns in characters, the end is exclusive: as in findings.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    cell: int | None = None
    """The cell of a notebook that the lines are counted in, from 1."""

    @classmethod
    def of(cls, span: Sequence[int], text: str) -> Edit:
        """Return the edit that puts ``text`` in the place of ``span``."""
        line, column, end_line, end_column = span
        return cls(line, column, end_line, end_column, text)

    @property
    def span(self) -> tuple[int, int, int, int]:
        """Return where it is in the file itself: of a notebook its lines are not those of a cell."""
        if self.cell is not None:
            return 1, 1, 1, 2
        return self.line, self.column, self.end_line, self.end_column

    def as_json(self) -> dict[str, Any]:
        """Return the element that ``--output-format json`` prints."""
        return {
            "start": {"line": self.line, "column": self.column},
            "end": {"line": self.end_line, "column": self.end_column},
            "text": self.text,
            **({} if self.cell is None else {"cell": self.cell}),
        }


class Fix(Data):
    """Edits of one file that fix the defect."""

    safe: bool
    """Whether it is known that they do what the author means and nothing else."""
    edits: tuple[Edit, ...]
    path: Path | None = None
    """The file, where it is another than the finding's."""

    def as_json(self) -> dict[str, Any] | None:
        """Return the object that ``--output-format json`` prints; it has no edits of other files."""
        if self.path is not None:
            return None
        return {"safe": self.safe, "edits": [edit.as_json() for edit in self.edits]}


class Finding(Data):
    """A defect at a place in a file. Lines and columns count from 1, the end is exclusive.

    Findings sort by path, then by position.
    """

    path: str
    line: int
    column: int
    code: str
    name: str
    problem: str
    """What is wrong."""
    end_line: int
    end_column: int
    class_name: str | None
    """The model class; None where the defect is the file's."""
    transformers: tuple[str, ...]
    """The targets it holds for."""
    severity: Severity
    url: str
    """The rule's page."""
    effects: tuple[tuple[str, str], ...] = ()
    """What comes of it, each with the stretches of releases it comes of it in; "" for all."""
    stretch: str = ""
    """The targets it holds for, as stretches of releases; "" for all that there are."""
    notes: tuple[str, ...] = ()
    """What else is to be said: where to change what is generated, what config.json makes of it."""
    fix: Fix | None = field(default=None, compare=False)
    """None as long as nobody has asked, and where there is none."""
    cell: int | None = None
    """The cell of a notebook that the lines are counted in, from 1."""
    follows: tuple[Finding, ...] = ()
    """What else comes of the same part of the source, and goes with it; the notes say so, too."""

    @property
    def every(self) -> tuple[Finding, ...]:
        """Return the finding, and those that follow from it."""
        return (self, *self.follows)

    @property
    def said(self) -> tuple[str, str | None, str, tuple[tuple[str, str], ...]]:
        """Return what is found, wherever it stands and whatever else is to be said."""
        return self.code, self.class_name, self.problem, self.effects

    @property
    def message(self) -> str:
        """Return what is wrong, and what comes of it."""
        effects = [f"{effect} ({stretch})" if stretch else effect for effect, stretch in self.effects]
        what = ": ".join(filter(None, [self.problem, "; ".join(effects)]))
        return "; ".join([what, *self.notes])

    @property
    def full_message(self) -> str:
        """Return the message, and for which of the targets it holds if not for all."""
        return f"{self.message} ({self.stretch})" if self.stretch else self.message

    @property
    def where(self) -> str:
        """Return the path, in a notebook with the cell: what the line is a line of."""
        return with_cell(self.path, self.cell)

    @property
    def span(self) -> tuple[int, int, int, int]:
        """Return where it is in the file itself: of a notebook its lines are not those of a cell."""
        if self.cell is not None:
            return 1, 1, 1, 2
        return self.line, self.column, self.end_line, self.end_column

    def as_json(self) -> dict[str, Any]:
        """Return the element that ``--output-format json`` prints."""
        return {
            "code": self.code,
            "name": self.name,
            "message": self.message,
            "path": self.path,
            "cell": self.cell,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "class": self.class_name,
            "transformers": list(self.transformers),
            "severity": self.severity,
            "url": self.url,
            "fix": None if self.fix is None else self.fix.as_json(),
            "follows": [
                {
                    "code": one.code,
                    "class": one.class_name,
                    "cell": one.cell,
                    "line": one.line,
                    "message": one.message,
                    "transformers": list(one.transformers),
                }
                for one in self.follows
            ],
        }
