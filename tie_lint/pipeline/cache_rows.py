"""Outcomes as rows of JSON, and read back: what is no outcome raises ``ValueError`` or ``TypeError``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from tie_lint.cause import Cause
from tie_lint.pipeline.result import FileResult, NotFollowed

if TYPE_CHECKING:
    from tie_lint.finding import Finding


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
        """Return what is kept of an outcome: of a finding neither its path nor its fix."""
        return [outcome.models, outcome.offered, [*map(finding_row, outcome.findings)], outcome.not_followed]

    def read(self, shown: str, row: list[Any]) -> FileResult:
        """Return the outcome of a row."""
        models, offered, findings, lost = row
        found = tuple(finding_of(shown, one) for one in findings)
        return FileResult(as_number(models), found, bool(offered), {}, (), tuple(map(_not_followed, lost)))


FIELDS = (
    *("line", "column", "code", "name", "message", "end_line", "end_column", "class_name"),
    *("transformers", "severity", "url", "cell"),
)
"""What is kept of a finding: not its path, which a run may show otherwise, nor its fix."""
_NUMBERS = frozenset({"line", "column", "end_line", "end_column"})


def finding_row(finding: Finding) -> list[Any]:
    """Return what is kept of a finding."""
    return [getattr(finding, name) for name in FIELDS]


def finding_of(shown: str, row: list[Any]) -> Finding:
    """A finding read back. Raises ``ValueError`` or ``TypeError`` for what is none."""
    from tie_lint.finding import Finding

    values = dict(zip(FIELDS, row, strict=True))
    if values["severity"] not in ("error", "warning"):
        raise ValueError("severity")
    for name, value in values.items():
        if name in _NUMBERS:
            as_number(value)
        elif name == "transformers":
            values[name] = tuple(map(as_text, value))
        elif value is not None or name not in ("class_name", "cell"):
            (as_number if name == "cell" else as_text)(value)
    return Finding(path=shown, **values)


def _not_followed(row: list[Any]) -> NotFollowed:
    """A model that was not followed, read back. Raises ``ValueError`` or ``TypeError`` for what is none."""
    name, line, causes = row
    found = (
        Cause(as_text(text), as_text(path), None if at is None else as_number(at))
        for text, path, at in causes
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
