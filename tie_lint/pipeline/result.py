"""What came of one file, as plain data: it goes from process to process, and into the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tie_lint.finding import Finding
    from tie_lint.pipeline.failure import Failure


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
