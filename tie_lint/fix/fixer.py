"""From findings to fixes, and from fixes to a fixed text."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from tie_lint.edits.edit import Places, apply
from tie_lint.edits.proposal import FixOffer, Proposal
from tie_lint.edits.source import Source
from tie_lint.finding import Edit, Finding, Fix
from tie_lint.fix.verdict import Verdict, verdict
from tie_lint.interpreter.base_values import ExhaustedError, RaisedError
from tie_lint.interpreter.budget import class_budget
from tie_lint.pipeline.document import Document, TextDocument
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.linter import Checked, Linter
from tie_lint.record import replace

MOST_ROUNDS = 20
"""More than any file needs: each round leaves fewer findings than the one before."""

MOST_KEPT = 2
"""Texts of a file of which it is remembered what was found: what is tried is often what comes next."""

MOST_SECONDS = 3
"""The CPU time that the fixes of a file may take together, in that of one class and release."""


@dataclass
class Fixed:
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


State = tuple[str, tuple[tuple[Path, str], ...]]
"""A file's text and the edited texts of others."""

Made = tuple[Finding, Fix]


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
        self._writable = writable
        self._linter, self._document = linter, document
        self._seconds = MOST_SECONDS * linter.class_time_limit * linter.releases
        self._deadline = time.thread_time() + self._seconds
        self._known: dict[State, Checked] = {} if checked is None else {(document.text, ()): checked}
        self._others: dict[Path, Document] = {}
        self.failures: list[Failure] = []
        """Internal errors on the way to the fixes."""
        self.seen: set[str] = set()
        """The files that made a difference to the fixes."""

    def check(self, state: State) -> Checked:
        """Check a text afresh: nothing is kept of what the files held before."""
        if state not in self._known:
            for old in list(self._known)[:-MOST_KEPT]:
                del self._known[old]
            text, others = state
            document = TextDocument(self._document.path, text, self._document.shown)
            self._known[state] = self._linter.afresh(dict(others)).check(document)
            self.seen |= self._known[state].seen
        return self._known[state]

    def fix(self, unsafe: bool) -> Fixed:
        """Make all safe fixes of the document, and the unsafe ones too if wanted, until none is left.

        Unsafe ones are made of what safe ones leave. A fix that brings a new finding is made only if, by
        looking ahead, that is found to be fixed as well.
        """
        return self._fix(Fixed(self._document.text), unsafe)

    def _fix(self, fixed: Fixed, unsafe: bool, start: Checked | None = None) -> Fixed:
        """``start`` is what there was before the first of several fixes of which only the end counts."""
        for _ in range(MOST_ROUNDS):
            round_ = _Round(self, fixed.state, start)
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

    def _with_what_follows(self, round_: _Round, fixed: Fixed, unsafe: bool) -> Fixed | None:
        """A fix that brings new findings, and the fixes of these, where all that comes of it is right."""
        for finding, fix in round_.refused():
            text, others = round_.after([(finding, fix)])
            tried = Fixed(text, dict(others), [*fixed.fixed, finding])
            end = self._fix(tried, unsafe, round_.checked)
            result = self.verdict(round_.checked, end.state, [finding], None).kind
            if (result == "safe" and fix.safe) or (result != "worse" and unsafe):
                return end
        return None

    def with_fixes(self) -> list[Finding]:
        """Return the findings of the document, each with its fix where it has one."""
        return _Round(self, (self._document.text, ())).with_fixes()

    def with_fixes_together(self) -> list[Finding]:
        """Return the findings, those with a fix that is safe beside all others'; for the rest each one's own.

        One check tells of all of them, where each by itself takes one.
        """
        round_ = _Round(self, (self._document.text, ()))
        together = {id(finding): fix for finding, fix in round_.all_at_once()}
        if not together:
            return round_.with_fixes()
        found = round_.checked.findings
        return [replace(one, fix=together.get(id(one)) or round_.fix(one)) for one in found]

    @property
    def spent(self) -> bool:
        """Whether the fixes of the file have taken all the time that they may."""
        return time.thread_time() > self._deadline

    def time_limit(self) -> AbstractContextManager[None]:
        """Bound the time of one offer by that of a class, within a ``with`` statement."""
        return class_budget(self._linter.class_time_limit)

    def verdict(
        self,
        before: Checked,
        state: State,
        fixed: Collection[Finding],
        edited: Collection[str] | None,
        start: Checked | None = None,
    ) -> Verdict:
        """Return whether edits are safe. What an internal error kept from being checked is no better."""
        if self.spent:
            return Verdict("worse", f"the fixes of one file took more than {self._seconds:g} s of CPU time")
        after = self.check(state)
        if after.failures:
            return Verdict("worse")
        try:
            return verdict(before, after, fixed, edited, start)
        except (RaisedError, ExhaustedError, RecursionError):
            return Verdict("worse", "what would come of it cannot be worked out within the bounds of a run")

    def fail(self, error: Exception, finding: Finding) -> None:
        """Note an internal error about the fix of a finding."""
        self.failures.append(Failure.of(error, finding.path, finding.class_name))

    def may_edit(self, path: Path | None) -> bool:
        """Return whether a file may be edited; None is the document itself."""
        return path is None or self._writable is None or os.path.realpath(path) in self._writable

    def other(self, path: Path) -> Document:
        """Return another file, as it was at first."""
        if path not in self._others:
            self._others[path] = self._linter.document(path)
            self.seen.add(str(path.absolute()))
        return self._others[path]


class _Round:
    """The files as a round begins, with what is found and proposed then."""

    def __init__(self, fixer: Fixer, state: State, start: Checked | None = None) -> None:
        self._fixer, self._state, self._start = fixer, state, start
        self.checked = fixer.check(state)
        self._others = dict(state[1])
        self._source = Source(state[0], self._read) if self.checked.offers else None
        self._proposals: dict[int, list[Proposal]] = {}
        self._fixes: dict[int, Fix | None] = {}
        self._reasons: dict[int, str] = {}

    def _read(self, path: Path) -> str:
        return self._others[path] if path in self._others else self._fixer.other(path).text

    def after(self, made: Iterable[Made]) -> State:
        """Return the texts after some fixes."""
        edits: dict[Path | None, list[Edit]] = {None: []}
        for _, fix in made:
            edits.setdefault(fix.path, []).extend(fix.edits)
        text = apply(self._state[0], edits.pop(None))
        changed = {path: apply(self._read(path), parts) for path, parts in edits.items() if path is not None}
        return text, tuple(sorted({**self._others, **changed}.items()))

    def all_at_once(self) -> list[Made]:
        """Return the first proposal of every finding, where all of these together are safe; else nothing."""
        chosen: list[Made] = []
        taken: dict[Path | None, Places] = defaultdict(Places)
        for finding in self.checked.findings:
            first = next((one for one in self.proposals(finding) if one.certain), None)
            if first and self._fixer.may_edit(first.path) and not taken[first.path].overlap(first.edits):
                taken[first.path].add(first.edits)
                chosen.append((finding, Fix(True, first.edits, first.path)))
        return chosen if len(chosen) > 1 and self._verdict(chosen).kind == "safe" else []

    def one_by_one(self, unsafe: bool) -> list[Made]:
        """Return every fix that is right by itself, but those that get in the way of others before them."""
        chosen: list[Made] = []
        taken: dict[Path | None, Places] = defaultdict(Places)
        for finding in self.checked.findings:
            fix = self.fix(finding)
            if fix is None or not (fix.safe or unsafe) or not self._fixer.may_edit(fix.path):
                continue
            if not taken[fix.path].overlap(fix.edits):
                taken[fix.path].add(fix.edits)
                chosen.append((finding, fix))
        return chosen[:1] if len(chosen) > 1 and self._verdict(chosen).kind == "worse" else chosen

    def refused(self) -> Iterator[Made]:
        """Yield the proposals against findings of which none is a fix by itself."""
        for finding in self.checked.findings:
            for proposal in self.proposals(finding) if self.fix(finding) is None else ():
                if self._fixer.spent:
                    return
                if not self._fixer.may_edit(proposal.path):
                    continue
                yield finding, Fix(proposal.certain, proposal.edits, proposal.path)

    def with_fixes(self) -> list[Finding]:
        """Return the findings, each with its fix."""
        return [replace(found, fix=self.fix(found)) for found in self.checked.findings]

    def proposals(self, finding: Finding) -> list[Proposal]:
        """Return what the rules propose, the newest release first."""
        if id(finding) not in self._proposals:
            offers = self.checked.offers.get(finding, ())
            found = [one for offer in reversed(offers) for one in self._proposed(offer, finding)]
            self._proposals[id(finding)] = list(dict.fromkeys(found))
        return self._proposals[id(finding)]

    def _proposed(self, offer: FixOffer, finding: Finding) -> list[Proposal]:
        """Return what an offer comes to; nothing where working it out goes beyond the bounds of a run."""
        if self._source is None or self._fixer.spent:
            return []
        try:
            with self._fixer.time_limit():
                return [one for one in offer(self._source) if one.edits]
        except (RaisedError, ExhaustedError, RecursionError):
            return []
        except Exception as error:
            self._fixer.fail(error, finding)
            return []

    def fix(self, finding: Finding) -> Fix | None:
        """Return the first proposal that is safe, else the first that makes nothing worse."""
        if id(finding) not in self._fixes:
            self._fixes[id(finding)] = self._find_fix(finding)
        return self._fixes[id(finding)]

    def reason(self, finding: Finding) -> str:
        """Return what the first proposal against a finding that has no fix would make worse."""
        self.fix(finding)
        return self._reasons.get(id(finding)) or "what could be done leaves no Python"

    def _find_fix(self, finding: Finding) -> Fix | None:
        second: Fix | None = None
        for proposal in self.proposals(finding):
            fix = Fix(True, proposal.edits, proposal.path)
            verdict = self._verdict([(finding, fix)])
            result = verdict.kind
            if result == "worse":
                self._reasons.setdefault(id(finding), verdict.reason)
            if result == "safe" and proposal.certain:
                return fix
            if result != "worse" and second is None:
                second = replace(fix, safe=False)
        return second

    def _verdict(self, made: Sequence[Made]) -> Verdict:
        try:
            state = self.after(made)
            fixed, edited = [finding for finding, _ in made], self._edited(fix for _, fix in made)
            return self._fixer.verdict(self.checked, state, fixed, edited, self._start)
        except Exception as error:
            self._fixer.fail(error, made[0][0])
            return Verdict("worse")

    def _edited(self, fixes: Iterable[Fix]) -> set[str] | None:
        """The names of the classes that have an edit in them; None where that is in another file."""
        if self._source is None:
            return None
        spans = {cls.name: self._source.span(cls) for cls in self._source.classes}
        names: set[str] = set()
        for fix in fixes:
            if fix.path is not None:
                return None
            names |= {
                name for name, at in spans.items() for edit in fix.edits if at[0] <= edit.line <= at[2] + 1
            }
        return names
