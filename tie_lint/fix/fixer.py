"""From findings to fixes, and from fixes to a fixed text."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from tie_lint.finding import Finding
from tie_lint.fix.round import Round
from tie_lint.fix.trials import State, Trials
from tie_lint.pipeline.document import Document
from tie_lint.pipeline.linter import Checked, Linter
from tie_lint.record import Record, field, replace

MOST_ROUNDS = 20
"""More than any file needs: each round leaves fewer findings than the one before."""


class Fixed(Record):
    """A file's text after its fixes."""

    text: str
    others: dict[Path, str] = field(default_factory=dict)
    """The texts of other files that were edited, such as a config's."""
    fixed: list[Finding] = field(default_factory=list)
    left: list[Finding] = field(default_factory=list)
    """The findings of the new text, with the fixes that were not made."""
    withheld: list[tuple[Finding, str]] = field(default_factory=list)
    """Those of ``left`` whose every offered fix would make something worse, each with what it would."""

    @property
    def state(self) -> State:
        """The texts as they are now."""
        return self.text, tuple(sorted(self.others.items()))


class Fixer:
    """Works out the fixes of one file, and makes them."""

    def __init__(
        self,
        linter: Linter,
        document: Document,
        checked: Checked | None = None,
        writable: Container[str] | None = None,
    ) -> None:
        """``checked`` is what is known of the document, ``writable`` are the files that may be edited."""
        self.trials = Trials(linter, document, checked, writable)
        self._text = document.text

    def fix(self, unsafe: bool) -> Fixed:
        """Make all safe fixes of the document, and the unsafe ones too if wanted, until none is left.

        Unsafe ones are made of what safe ones leave. A fix that brings a new finding is made only if, by
        looking ahead, that is found to be fixed as well.
        """
        return self._fix(Fixed(self._text), unsafe)

    def _fix(self, fixed: Fixed, unsafe: bool, start: Checked | None = None) -> Fixed:
        """``start`` is that of :class:`Round`."""
        for _ in range(MOST_ROUNDS):
            round_ = Round(self.trials, fixed.state, start)
            together = round_.all_at_once() or round_.one_by_one(False) or round_.one_by_one(unsafe)
            if together:
                fixed.fixed += [finding for finding, _ in together]
                fixed.text, others = round_.after(together)
                fixed.others = dict(others)
                continue
            further = self._with_what_follows(round_, fixed, unsafe) if start is None else None
            if further is None:
                break
            fixed = further
        fixed.left = round_.with_fixes()
        unfixed = (found for found in fixed.left if found.fix is None and round_.proposals(found))
        fixed.withheld = [(found, round_.reason(found)) for found in unfixed]
        return fixed

    def _with_what_follows(self, round_: Round, fixed: Fixed, unsafe: bool) -> Fixed | None:
        """A fix that brings new findings, and the fixes of these, where all that comes of it is right."""
        for finding, fix in round_.refused():
            text, others = round_.after([(finding, fix)])
            tried = Fixed(text, dict(others), [*fixed.fixed, finding])
            end = self._fix(tried, unsafe, round_.checked)
            result = self.trials.verdict(round_.tried, end.state, [finding], None).kind
            if (result == "safe" and fix.safe) or (result != "worse" and unsafe):
                return end
        return None

    def with_fixes(self) -> list[Finding]:
        """Return the findings of the document, each with the fix that is right by itself where it has one."""
        return Round(self.trials, (self._text, ()), each=True).with_fixes()

    def with_fixes_together(self) -> list[Finding]:
        """Return the findings, each with a fix that is right beside those of others.

        One check tells of many of them, where each by itself takes one.
        """
        round_ = Round(self.trials, (self._text, ()))
        together = dict(round_.all_at_once())
        found = round_.checked.findings
        return [replace(one, fix=together.get(one) or round_.fix(one)) for one in found]
