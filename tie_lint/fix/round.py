"""The files as a round of fixing begins, and the fixes of what is found in them then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from tie_lint.edits.edit import Places, apply
from tie_lint.edits.proposal import FixOffer, Proposal
from tie_lint.edits.source import Source
from tie_lint.finding import Edit, Finding, Fix
from tie_lint.fix.affected import parts_of
from tie_lint.fix.search import Made, Search
from tie_lint.fix.trials import State, Trials
from tie_lint.fix.verdict import Verdict
from tie_lint.interpreter.base_values import ExhaustedError, RaisedError
from tie_lint.pipeline.linter import Checked
from tie_lint.python.statements import Span
from tie_lint.record import replace


class Round:
    """The files as a round begins, with what is found and proposed then."""

    def __init__(
        self, trials: Trials, state: State, start: Checked | None = None, each: bool = False
    ) -> None:
        """``start`` is what there was before the first of several fixes of which only the end counts;
        ``each`` says whether each fix has to be right by itself, or beside others that are made with it.
        """
        self._trials, self._state, self._start, self._each = trials, state, start, each
        self.tried = trials.check(state)
        self.checked = self.tried.checked
        self._others = dict(state[1])
        self._source = Source(state[0], self._read) if self.checked.offers else None
        self._proposals: dict[Finding, list[Proposal]] = {}

    def _read(self, path: Path) -> str:
        return self._others[path] if path in self._others else self._trials.other(path).text

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
        certain = (
            (found, [one for one in self.proposals(found) if one.certain]) for found in self.checked.findings
        )
        first = ((found, Fix(True, these[0].edits, these[0].path)) for found, these in certain if these)
        chosen = self._side_by_side(first)
        return chosen if len(chosen) > 1 and self._verdict(chosen).kind == "safe" else []

    def one_by_one(self, unsafe: bool) -> list[Made]:
        """Return every fix that does not get in the way of others before it, where all are right together;
        else the first that is right by itself."""
        fixes = ((found, self.fix(found)) for found in self.checked.findings)
        chosen = self._side_by_side((found, fix) for found, fix in fixes if fix and (fix.safe or unsafe))
        if not chosen or self._is_right(chosen):
            return chosen
        return next(([made] for made in chosen if self._is_right([made])), [])

    def _side_by_side(self, made: Iterable[Made]) -> list[Made]:
        """Return the fixes that may be made and do not get in the way of others before them."""
        chosen: list[Made] = []
        taken: dict[Path | None, Places] = defaultdict(Places)
        for finding, fix in made:
            if self._trials.may_edit(fix.path) and not taken[fix.path].overlap(fix.edits):
                taken[fix.path].add(fix.edits)
                chosen.append((finding, fix))
        return chosen

    def _is_right(self, made: list[Made]) -> bool:
        """Whether some fixes, and no others, do what they should."""
        kind = self._verdict(made).kind
        return kind == "safe" or (kind == "unsafe" and not all(fix.safe for _, fix in made))

    def refused(self) -> Iterator[Made]:
        """Yield the proposals against findings of which none is a fix by itself."""
        for finding in self.checked.findings:
            for proposal in self.proposals(finding) if self.fix(finding) is None else ():
                if self._trials.spent:
                    return
                if not self._trials.may_edit(proposal.path):
                    continue
                yield finding, Fix(proposal.certain, proposal.edits, proposal.path)

    def with_fixes(self) -> list[Finding]:
        """Return the findings, each with its fix."""
        return [replace(found, fix=self.fix(found)) for found in self.checked.findings]

    def proposals(self, finding: Finding) -> list[Proposal]:
        """Return what the rules propose, the newest release first."""
        if finding not in self._proposals:
            offers = self.checked.offers.get(finding, ())
            found = [one for offer in reversed(offers) for one in self._proposed(offer, finding)]
            self._proposals[finding] = list(dict.fromkeys(found))
        return self._proposals[finding]

    def _proposed(self, offer: FixOffer, finding: Finding) -> list[Proposal]:
        """Return what an offer comes to; nothing where working it out goes beyond the bounds of a run."""
        if self._source is None or self._trials.spent:
            return []
        try:
            with self._trials.time_limit():
                return [one for one in offer(self._source) if one.edits]
        except (RaisedError, ExhaustedError, RecursionError):
            return []
        except Exception as error:
            self._trials.fail(error, finding)
            return []

    def fix(self, finding: Finding) -> Fix | None:
        """Return the first proposal that is safe, else the first that makes nothing worse."""
        return self._searches[finding].fix if self.proposals(finding) else None

    def reason(self, finding: Finding) -> str:
        """Return what the first proposal against a finding that has no fix would make worse."""
        search = self._searches[finding]
        again = None if search.worse is None or self._trials.spent else self._verdict([search.worse])
        return (again or search).reason or "what could be done leaves no Python"

    @cached_property
    def _searches(self) -> dict[Finding, Search]:
        """How the fix of each finding was looked for. One check tells of all fixes that affect different
        models."""
        searches = {found: Search(found, self.proposals(found)) for found in self.checked.findings}
        while tried := self._apart([(one, made) for one in searches.values() if (made := one.next)]):
            verdicts = self._verdicts([made for _, made in tried])
            for (search, _), verdict in zip(tried, verdicts, strict=True):
                search.take(verdict)
        return searches

    def _apart(self, tries: list[tuple[Search, Made]]) -> list[tuple[Search, Made]]:
        """Return the first, and of the others each that can affect no model that those before it can."""
        apart: list[tuple[Search, Made]] = []
        names, taken = frozenset[str](), Places()
        for search, made in tries:
            _, fix = made
            affected = self._affected(fix)
            if apart and (affected is None or affected & names or taken.overlap(fix.edits)):
                continue
            apart.append((search, made))
            if affected is None or self._each:
                break
            names |= affected
            taken.add(fix.edits)
        return apart

    def _affected(self, fix: Fix) -> frozenset[str] | None:
        """The models that a fix can affect, by name; None for any."""
        edited = self._edited([fix])
        if edited is None:
            return None
        return frozenset(name for name, parts in self._parts if not parts.isdisjoint(edited))

    @cached_property
    def _parts(self) -> list[tuple[str, frozenset[str]]]:
        """The models of the file, by name, with the classes of the file that they are made of."""
        return [(view.name, parts_of(view)) for views in self.checked.views.values() for view in views]

    def _verdicts(self, made: Sequence[Made]) -> list[Verdict]:
        """What comes of each of some fixes that affect different models."""
        together: list[Verdict] | None = None
        if len(made) > 1:
            fixes = [(finding, self._edited([fix]) or set()) for finding, fix in made]
            try:
                together = self._trials.verdicts(self.tried, self.after(made), fixes, self._start)
            except Exception:  # each by itself shows whose it is
                together = None
        return together or [self._verdict([one]) for one in made]

    def _verdict(self, made: Sequence[Made]) -> Verdict:
        try:
            state = self.after(made)
            fixed, edited = [finding for finding, _ in made], self._edited(fix for _, fix in made)
            return self._trials.verdict(self.tried, state, fixed, edited, self._start, self._each)
        except Exception as error:
            self._trials.fail(error, made[0][0])
            return Verdict("worse")

    def _edited(self, fixes: Iterable[Fix]) -> set[str] | None:
        """The names of the classes that have an edit in them; None where one is in another file, or in no
        class, so that it may affect any."""
        if self._source is None:
            return None
        names: set[str] = set()
        for fix in fixes:
            if fix.path is not None:
                return None
            for edit in fix.edits:
                inside = {name for name, at in self._spans.items() if at[0] <= edit.line <= at[2] + 1}
                if not inside:
                    return None
                names |= inside
        return names

    @cached_property
    def _spans(self) -> dict[str, Span]:
        """Where the classes of the file stand."""
        return (
            {} if self._source is None else {cls.name: self._source.span(cls) for cls in self._source.classes}
        )
