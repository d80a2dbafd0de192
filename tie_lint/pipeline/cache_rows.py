"""Outcomes as rows of JSON, and read back: what is no outcome raises ``ValueError`` or ``TypeError``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from tie_lint.cause import Cause
from tie_lint.pipeline.result import FileResult, Fixes, NotFollowed

if TYPE_CHECKING:
    from tie_lint.finding import Finding, Fix


class Outcome(Protocol):
    """What can be kept."""

    @property
    def seen(self) -> dict[str, str | None] | None:
        """The files that it depends on, each with what tells its content."""


T = TypeVar("T", bound=Outcome)


class Rows(Protocol[T]):
    """Writes outcomes of one kind, and reads them."""

    def row(self, outcome: T) -> list[Any]:
        """Return what is kept of an outcome."""

    def read(self, shown: str, row: list[Any]) -> T:
        """Return the outcome of a row. ``shown`` is the path that its findings have."""


class FileRows:
    """Outcomes of files."""

    def row(self, outcome: FileResult) -> list[Any]:
        """Return what is kept of an outcome."""
        findings = [*map(finding_row, outcome.findings)]
        return [outcome.models, outcome.offered, outcome.fixes, findings, outcome.not_followed]

    def read(self, shown: str, row: list[Any]) -> FileResult:
        """Return the outcome of a row."""
        models, offered, fixes, findings, lost = row
        found = tuple(finding_of(shown, one) for one in findings)
        not_followed = tuple(map(_not_followed, lost))
        return FileResult(as_number(models), found, bool(offered), {}, (), not_followed, _fixes(fixes))


def _fixes(text: Any) -> Fixes:
    if text not in ("", "together", "each"):
        raise ValueError("fixes")
    found: Fixes = text
    return found


FIELDS = (
    *("line", "column", "code", "name", "problem", "end_line", "end_column", "class_name"),
    *("transformers", "severity", "url", "effects", "stretch", "notes", "fix", "cell", "follows"),
)
"""What is kept of a finding: not its path, which a run may show otherwise."""
EDIT = ("line", "column", "end_line", "end_column", "text")
"""What is kept of an edit."""
_NUMBERS = frozenset({"line", "column", "end_line", "end_column"})


def finding_row(finding: Finding) -> list[Any]:
    """Return what is kept of a finding."""
    values = {name: getattr(finding, name) for name in FIELDS}
    if finding.fix is not None:
        edits = [[getattr(edit, name) for name in EDIT] for edit in finding.fix.edits]
        path = finding.fix.path
        values["fix"] = [finding.fix.safe, edits, None if path is None else str(path)]
    values["follows"] = [*map(finding_row, finding.follows)]
    return list(values.values())


def _fix(row: list[Any]) -> Fix:
    """A fix read back. Raises ``ValueError`` or ``TypeError`` for what is none."""
    from tie_lint.finding import Edit, Fix

    safe, edits, path = row
    found = tuple(Edit.of([*map(as_number, place)], as_text(text)) for *place, text in edits)
    return Fix(bool(safe), found, None if path is None else Path(as_text(path)))


def finding_of(shown: str, row: list[Any]) -> Finding:
    """Return a finding read back. Raises ``ValueError`` or ``TypeError`` for what is none."""
    from tie_lint.finding import Finding

    values = dict(zip(FIELDS, row, strict=True))
    if values["severity"] not in ("error", "warning"):
        raise ValueError("severity")
    for name, value in values.items():
        if name in _NUMBERS:
            as_number(value)
        elif name in ("transformers", "notes"):
            values[name] = tuple(map(as_text, value))
        elif name == "effects":
            values[name] = tuple((as_text(effect), as_text(stretch)) for effect, stretch in value)
        elif name == "follows":
            values[name] = tuple(finding_of(shown, one) for one in value)
        elif name == "fix":
            values[name] = None if value is None else _fix(value)
        elif value is not None or name not in ("class_name", "cell"):
            (as_number if name == "cell" else as_text)(value)
    return Finding(path=shown, **values)


def _not_followed(row: list[Any]) -> NotFollowed:
    """A model that was not followed, read back. Raises ``ValueError`` or ``TypeError`` for what is none."""
    name, line, causes = row
    found = (
        Cause(as_text(text), as_text(path), *(None if one is None else as_number(one) for one in (at, cell)))
        for text, path, at, cell in causes
    )
    return NotFollowed(as_text(name), as_number(line), tuple(found))


def as_number(value: Any) -> int:
    """Return a number as it is."""
    if type(value) is not int:
        raise TypeError("a number")
    return value


def as_text(value: Any) -> str:
    """Return a text as it is."""
    if not isinstance(value, str):
        raise TypeError("a text")
    return value
