"""What came of one model folder, as plain data that goes into the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tie_lint.record import NamedTuple

if TYPE_CHECKING:
    from tie_lint.finding import Finding, Severity
    from tie_lint.library.target import Targets
    from tie_lint.pipeline.failure import Failure


class Note(NamedTuple):
    """What config.json makes of a finding about the code beside it."""

    file: str
    """The name of the file with the code."""
    code: str
    line: int
    column: int
    text: str
    """A note of the finding."""
    severity: Severity
    """That of the finding in this folder."""


class FolderResult(NamedTuple):
    """What was found in one folder."""

    targets: Targets
    """What it was checked against."""
    findings: tuple[Finding, ...] = ()
    """About config.json, or a file that cannot be used."""
    code: tuple[Finding, ...] = ()
    """About the code beside config.json, that holds under its values only."""
    notes: tuple[Note, ...] = ()
    warnings: tuple[str, ...] = ()
    """What follows the path of config.json."""
    says_flag: bool = False
    """Whether config.json itself says whether to tie."""
    seen: dict[str, str | None] | None = None
    """The files that made a difference, or could have, each with what tells its content; None where that is
    not known."""
    failures: tuple[Failure, ...] = ()
