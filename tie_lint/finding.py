"""What every front end shows of one defect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]


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

    def as_json(self) -> dict[str, Any]:
        """The element that ``--output-format json`` prints. ``fix`` is null: no rule offers one yet."""
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
            "fix": None,
        }
