"""The way to the fix of one finding: proposals are tried, best first, until one is safe."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tie_lint.finding import Finding, Fix
from tie_lint.fix.verdict import Verdict

if TYPE_CHECKING:
    from tie_lint.edits.proposal import Proposal

Made = tuple[Finding, Fix]
"""A finding with the fix that is made, or tried."""


class Search:
    """The proposals against one finding, and the best of those that were tried."""

    def __init__(self, finding: Finding, proposals: Iterable[Proposal]) -> None:
        self.finding, self._left = finding, list(proposals)
        self.fix: Fix | None = None
        """The first proposal that is safe, else the first that makes nothing worse."""
        self.worse: Made | None = None
        """The first proposal that makes something worse."""
        self.reason = ""
        """What that makes worse, beside the others that were tried with it."""

    @property
    def next(self) -> Made | None:
        """What is to be tried next; None once nothing is left that could be better than what there is."""
        return (self.finding, Fix(True, self._left[0].edits, self._left[0].path)) if self._left else None

    def take(self, verdict: Verdict) -> None:
        """Take what came of the proposal that was next."""
        proposal, *self._left = self._left
        if verdict.kind == "worse":
            if self.worse is None:
                self.worse = self.finding, Fix(False, proposal.edits, proposal.path)
                self.reason = verdict.reason
            return
        safe = verdict.kind == "safe" and proposal.certain
        if safe or self.fix is None:
            self.fix = Fix(safe, proposal.edits, proposal.path)
        self._left = [] if safe else [one for one in self._left if one.certain]
