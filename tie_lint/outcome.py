"""What came of one file, as plain data: it goes from process to process, and into the cache."""

from __future__ import annotations

from dataclasses import dataclass, field

from tie_lint.finding import Finding


@dataclass(frozen=True)
class Outcome:
    """How many models a file holds, what is wrong with them, and what that depends on."""

    models: int
    findings: tuple[Finding, ...]
    offered: bool
    """Whether something was offered against a finding."""
    seen: dict[str, str | None] = field(default_factory=dict)
    """The files that made a difference, or could have, with their fingerprints."""
