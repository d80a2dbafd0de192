"""What every front end shows of one defect."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tie_lint.edits.edit import Edit
    from tie_lint.edits.proposal import Offer

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Fix:
    """Edits of one file that mend the defect."""

    safe: bool
    """Whether it is known that they do what is meant and nothing else."""
    edits: tuple[Edit, ...]
    path: Path | None = None
    """The file, where it is another than the finding's."""

    def as_json(self) -> dict[str, Any] | None:
        """The object that ``--output-format json`` prints; it knows no edits of other files."""
        if self.path is not None:
            return None
        return {"safe": self.safe, "edits": [edit.as_json() for edit in self.edits]}


@dataclass(frozen=True, order=True)
class Finding:
    """A defect at a place in a file. Lines and columns count from 1, the end is exclusive.

    Findings sort by path, then by position.
    """

    path: str
    line: int
    column: int
    code: str
    name: str
    message: str
    end_line: int
    end_column: int
    class_name: str | None
    """The model class; None where the defect is the file's."""
    transformers: tuple[str, ...]
    """The targets it holds for."""
    severity: Severity
    url: str
    """The rule's page."""
    fix: Fix | None = field(default=None, compare=False)
    """None as long as nobody has asked, and where there is none."""
    offers: tuple[Offer, ...] = field(default=(), compare=False, repr=False)
    """What may become a fix, as the targets' rules offer it, oldest release first."""

    def without_offers(self) -> Finding:
        """The same as plain data."""
        return replace(self, offers=())

    def as_json(self) -> dict[str, Any]:
        """The element that ``--output-format json`` prints."""
        return {
            "code": self.code,
            "name": self.name,
            "message": self.message,
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "class": self.class_name,
            "transformers": list(self.transformers),
            "severity": self.severity,
            "url": self.url,
            "fix": None if self.fix is None else self.fix.as_json(),
        }
