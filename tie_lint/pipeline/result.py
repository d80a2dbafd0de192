"""What came of one file, as plain data: it goes from process to process, and into the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tie_lint.cause import Cause
from tie_lint.record import NamedTuple

if TYPE_CHECKING:
    from tie_lint.finding import Finding
    from tie_lint.pipeline.failure import Failure


class NotFollowed(NamedTuple):
    """A model class that could not be followed as far as the rules need."""

    class_name: str
    line: int
    causes: tuple[Cause, ...]
    """Why, with the paths of the disk; at most :data:`MOST_CAUSES`, the nearest first."""


MOST_CAUSES = 3


Fixes = Literal["", "together", "each"]


class FileResult(NamedTuple):
    """How many models a file holds, what is wrong with them, and what that depends on."""

    models: int
    findings: tuple[Finding, ...]
    offered: bool
    """Whether something was offered against a finding."""
    seen: dict[str, str | None]
    """The files that made a difference, or could have, with their fingerprints."""
    failures: tuple[Failure, ...] = ()
    """Internal errors, because of which something is not known of the file."""
    not_followed: tuple[NotFollowed, ...] = ()
    """The models of which something is not known."""
    fixes: Fixes = ""
    """What the findings have of their fixes: nothing, those that are right together, or each one's own."""
