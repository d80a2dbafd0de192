"""From findings to fixes, and from fixes to a mended text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tie_lint.edits.edit import Edit, apply, overlap
from tie_lint.edits.proposal import Offer, Proposal
from tie_lint.edits.source import Source
from tie_lint.finding import Finding, Fix
from tie_lint.fix.verdict import Verdict, verdict
from tie_lint.lint import Checked, Linter
from tie_lint.model.values import ExhaustedError, RaisedError

MOST_ROUNDS = 20
"""More than any file needs: each round leaves fewer findings than the one before."""

MOST_KEPT = 2
"""Texts of a file of which it is remembered what was found: what is judged is often what comes next."""


@dataclass
class Mended:
    """What became of a file's text."""

    text: str
    fixed: list[Finding] = field(default_factory=list)
    left: list[Finding] = field(default_factory=list)
    """The findings of the new text, with the fixes that were not made."""
    withheld: list[Finding] = field(default_factory=list)
    """Those of ``left`` whose every offered fix would bring a new finding or leave no Python."""


class Mender:
    """Works out the fixes of one file, and makes them."""

    def __init__(self, linter: Linter, path: Path, shown: str) -> None:
        self._linter, self.path, self.shown = linter, path, shown
        self._known: dict[str, Checked] = {}

    def note(self, text: str, checked: Checked) -> None:
        """Take over what has been found in a text already."""
        self._known[text] = checked

    def check(self, text: str) -> Checked:
        """Judge a text afresh: nothing is kept of what the file held before."""
        if text not in self._known:
            for old in list(self._known)[:-MOST_KEPT]:
                del self._known[old]
            self.note(text, self._linter.afresh().check(self.path, self.shown, text))
        return self._known[text]

    def mend(self, text: str, unsafe: bool, *, look_ahead: bool = True) -> Mended:
        """Make all safe fixes of a text, and the unsafe ones too if wanted, until none is left.

        A fix that brings a new finding is made only if, by looking ahead, that is found to be mended as well.
        """
        mended = Mended(text)
        for _ in range(MOST_ROUNDS):
            state = _State(self, mended.text)
            together = state.all_at_once() or state.one_by_one(unsafe)
            if together:
                mended.fixed += [finding for finding, _ in together]
                mended.text = apply(mended.text, _edits(together))
                continue
            further = state.with_what_follows(unsafe) if look_ahead else None
            if further is None:
                break
            mended.fixed += further.fixed
            mended.text = further.text
        mended.left = state.with_fixes()
        mended.withheld = [found for found in mended.left if found.fix is None and state.offered(found)]
        return mended

    def with_fixes(self, text: str) -> list[Finding]:
        """The findings of a text, each with its fix where it has one."""
        return _State(self, text).with_fixes()


Made = tuple[Finding, Fix]


class _State:
    """A file's text and findings at the beginning of a round."""

    def __init__(self, mender: Mender, text: str) -> None:
        self._mender, self._text = mender, text
        self._checked = mender.check(text)
        self._source = Source(text) if any(found.offers for found in self._checked.findings) else None
        self._proposals: dict[int, list[Proposal]] = {}
        self._fixes: dict[int, Fix | None] = {}

    def all_at_once(self) -> list[Made]:
        """The first proposal of every finding, where all of these together are safe; else nothing."""
        chosen: list[Made] = []
        for finding in self._checked.findings:
            first = next((one for one in self.proposals(finding) if one.certain), None)
            if first is not None and not overlap(first.edits, _edits(chosen)):
                chosen.append((finding, Fix(True, first.edits)))
        return (
            chosen
            if len(chosen) > 1 and self._judged(_edits(chosen), [one for one, _ in chosen]) == "safe"
            else []
        )

    def one_by_one(self, unsafe: bool) -> list[Made]:
        """Every fix that is right by itself, but those that get in the way of others before them."""
        chosen: list[Made] = []
        for finding in self._checked.findings:
            fix = self.fix(finding)
            if fix is None or not (fix.safe or unsafe) or overlap(fix.edits, _edits(chosen)):
                continue
            chosen.append((finding, fix))
        if len(chosen) > 1 and self._judged(_edits(chosen), [one for one, _ in chosen]) == "worse":
            return chosen[:1]
        return chosen

    def with_what_follows(self, unsafe: bool) -> Mended | None:
        """A fix that brings new findings, and the fixes of these, where all that comes of it is right."""
        for finding in self._checked.findings:
            for proposal in self.proposals(finding) if self.fix(finding) is None else ():
                text = apply(self._text, proposal.edits)
                end = self._mender.mend(text, unsafe, look_ahead=False)
                after = self._mender.check(end.text)
                every = {cls.name for cls in self._source.classes} if self._source else set()
                judged = verdict(self._checked, after, [finding], every, end.text)
                if (judged == "safe" and proposal.certain) or (judged == "unsafe" and unsafe):
                    return Mended(end.text, [finding, *end.fixed])
        return None

    def with_fixes(self) -> list[Finding]:
        """The findings, each with its fix."""
        return [replace(found, fix=self.fix(found)) for found in self._checked.findings]

    def offered(self, finding: Finding) -> bool:
        """Whether something was proposed against a finding, right or not."""
        return bool(self.proposals(finding))

    def proposals(self, finding: Finding) -> list[Proposal]:
        """What the rules propose, the newest release first."""
        if id(finding) not in self._proposals:
            assert self._source is not None or not finding.offers
            found = [one for offer in reversed(finding.offers) for one in _proposed(offer, self._source)]
            self._proposals[id(finding)] = list(dict.fromkeys(found))
        return self._proposals[id(finding)]

    def fix(self, finding: Finding) -> Fix | None:
        """The first proposal that is safe, else the first that makes nothing worse."""
        if id(finding) not in self._fixes:
            self._fixes[id(finding)] = self._find_fix(finding)
        return self._fixes[id(finding)]

    def _find_fix(self, finding: Finding) -> Fix | None:
        second: Fix | None = None
        for proposal in self.proposals(finding):
            judged = self._judged(proposal.edits, [finding])
            if judged == "safe" and proposal.certain:
                return Fix(True, proposal.edits)
            if judged != "worse" and second is None:
                second = Fix(False, proposal.edits)
        return second

    def _judged(self, edits: Sequence[Edit], mended: Collection[Finding]) -> Verdict:
        text = apply(self._text, edits)
        after = self._mender.check(text)
        return verdict(self._checked, after, mended, self._edited(edits), text)

    def _edited(self, edits: Iterable[Edit]) -> set[str]:
        """The names of the classes that have an edit in them."""
        assert self._source is not None
        return {
            cls.name
            for cls in self._source.classes
            for edit in edits
            if self._source.span(cls)[0] <= edit.line <= self._source.span(cls)[2] + 1
        }


def _proposed(offer: Offer, source: Source | None) -> list[Proposal]:
    """What an offer comes to; nothing where working it out goes beyond the bounds of a run."""
    try:
        return [] if source is None else [one for one in offer(source) if one.edits]
    except (RaisedError, ExhaustedError, RecursionError):
        return []


def _edits(made: Iterable[Made]) -> list[Edit]:
    return [edit for _, fix in made for edit in fix.edits]
