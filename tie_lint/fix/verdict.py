"""Whether edits do to a file what they should: the edited text is checked again.

An outcome is *safe* if all of this holds for every target:

- the findings are gone, and there is no new one;
- the models with these findings are known to be built, and every model that the edits can affect is built,
  saved, loaded with all that was stored, and resized as far as before or better, whatever the config says;
- the ties of every model that the edits can affect are known;
- every name that is newly tied is one that the model's own code says should be tied;
- nothing else has changed;
- releases that agreed on what a model ties still do;
- all but the first of the models of other files that rest on what is edited, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from itertools import chain, combinations
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from tie_lint.finding import Finding
from tie_lint.fix.affected import parts_of
from tie_lint.fix.behaviour import Step, course, steps_back
from tie_lint.interpreter.values import Module
from tie_lint.intrinsics.torch import module_tree
from tie_lint.pipeline.linter import Checked
from tie_lint.record import NamedTuple
from tie_lint.remedies.intended_ties import declared, intended_by_getters, intended_ties, joined
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.built_model import Groups

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


T = TypeVar("T")


class Verdict(NamedTuple):
    """What comes of some edits."""

    kind: Literal["safe", "unsafe", "worse"]
    reason: str = ""
    """What speaks against them, where they make something worse."""


_MOVES_EMBEDDINGS = frozenset({"TIE103", "TIE104", "TIE109", "TIE111"})
"""Codes of findings whose fix takes a tie away as well: the wrong one."""


_MISSES_HEAD = "TIE001"
"""The code of findings about a head that the getter does not return."""


_LOSES_TIE = "TIE108"
"""The code of findings about a tie that is lost: without it the model is no better."""


class Comparison:
    """Two states of a file: before some edits and after them."""

    def __init__(
        self, before: Checked, after: Checked, start: Checked | None = None, each: bool = False
    ) -> None:
        """Findings that there were at the ``start`` may come back; ``each`` says whether what is left to the
        fixes of other findings counts.
        """
        self._before, self._after, self._each = before, after, each
        self._known = _counted(before.findings) | _counted([] if start is None else start.findings)

    @cached_property
    def _changes(self) -> list[Change]:
        return list(_changes(self._before, self._after))

    def _new(self, fixed: Collection[Finding] = ()) -> list[Finding]:
        """The findings that there are more of than before; of those that should be gone, none is to be left
        in other words.
        """
        more = _counted(self._after.findings) - (self._known - _counted(fixed))
        return [
            found
            for found in _every(self._after.findings)
            if any((found.code, found.class_name, release) in more for release in found.transformers)
        ]

    def _affected(self, edited: Collection[str] | None) -> list[Change]:
        if edited is None:
            return self._changes
        answers = _asked(self._changes, lambda change: change.is_affected(edited))
        return [change for change, is_affected in answers if is_affected]

    def are_apart(self, edits: Iterable[Collection[str]]) -> bool:
        """Return whether several edits lead to no new finding but of models that one of them alone affects;
        each is told by the names of the classes that it is in."""
        affected = [{change.new.name for change in self._affected(edited)} for edited in edits]
        names = frozenset[str]().union(*affected)
        return sum(map(len, affected)) == len(names) and all(new.class_name in names for new in self._new())

    def verdict(
        self, fixed: Collection[Finding], edited: Collection[str] | None, alone: bool = True
    ) -> Verdict:
        """Return what comes of the edits that lead from one state to the other, or of some of them.

        ``fixed`` are the findings that should be gone, ``edited`` names the classes with an edit in them,
        None for any. Where these edits are not ``alone``, new findings of models that they do not affect come
        of others.
        """
        left, new = _left(self._after.findings, fixed), self._new(fixed)
        if left or not self._after.views:
            return Verdict("worse", left or _brings(new))
        affected = self._affected(edited)
        names = {change.new.name for change in affected}
        brought = _brings(found for found in new if alone or found.class_name in names)
        return Verdict("worse", brought) if brought else self._course(affected, fixed)

    def elsewhere(self, fixed: Collection[Finding], resting: list[Change]) -> Verdict:
        """Return what comes of edits of another file for models of this one that rest on them."""
        if any(change.unknown for change in resting):
            return Verdict("unsafe")
        names = {change.new.name for change in resting}
        for found in self._new():
            if found.class_name in names:
                would = f"what could be done would bring {found.code} at line {found.line}"
                return Verdict("worse", f"{would}: {found.message}")
        return self._course(resting, fixed)

    def resting(self, names: Collection[str], path: Path, edited: Collection[str] | None) -> list[Change]:
        """Return which models of some names rest on classes of another file, None for any; one that is not
        known to be built may well rest on them."""
        return [
            change for change in self._changes if change.new.name in names and change.rests_on(path, edited)
        ]

    def _course(self, affected: list[Change], fixed: Collection[Finding]) -> Verdict:
        """What comes of the models that edits can affect."""
        if any(finding.code == _LOSES_TIE for finding in fixed):
            for change, parted in _asked(affected, lambda change: change.no_longer_tied):
                if parted:
                    where = f"{change.new.name} ({change.new.release})"
                    return Verdict("worse", f"{where}: nothing would tie {' and '.join(parted)} any more")
        moves = any(finding.code in _MOVES_EMBEDDINGS for finding in fixed)
        goes_back = False
        for change, steps in _asked(affected, lambda change: change.steps_back(fixed, moves)):
            if steps and steps[-1].certain:
                return Verdict("worse", f"{change.new.name} ({change.new.release}): {steps[-1].text}")
            goes_back = goes_back or bool(steps)
        if goes_back or (self._each and self._leaves_head_to_others(affected)):
            return Verdict("unsafe")

        def is_intended(change: Change) -> bool:
            return change.is_intended(moves, _ties_of_getters(self._after, change.new))

        intended = all(answer for _, answer in _asked(affected, is_intended))
        return Verdict("safe" if intended and not _drift(affected) else "unsafe")

    def _leaves_head_to_others(self, affected: list[Change]) -> bool:
        """Whether resizing, which raised, now leaves a head behind of which another finding speaks."""
        spoken_of = {one.class_name for one in _every(self._after.findings) if one.code == _MISSES_HEAD}
        meant = [change for change in affected if change.new.name in spoken_of]
        return any(leaves for _, leaves in _asked(meant, lambda change: change.leaves_head))


def _asked(changes: Iterable[Change], ask: Callable[[Change], T]) -> Iterator[tuple[Change, T]]:
    """Yield changes, each with the answer to a question, which is asked once for releases that are alike."""
    known: list[tuple[Change, T]] = []
    for change in changes:
        answers = [answer for one, answer in known if one.holds_for(change)]
        if not answers:
            with change.old.noting(), change.new.noting():
                answers = [ask(change)]
            known.append((change, answers[0]))
        yield change, answers[0]


def _drift(changes: list[Change]) -> bool:
    """Whether two releases that made the same of a model no longer do; one that could not build it has to do
    as the other."""
    ties = _asked(changes, lambda change: change.ties_when_asked)
    return any(
        (a.raised or b.raised or a.before == b.before) and a.after != b.after
        for (one, a), (other, b) in combinations(ties, 2)
        if one.old.at == other.old.at
    )


def _left(after: list[Finding], fixed: Collection[Finding]) -> str:
    """That a finding which should be gone is not; empty if all are gone."""
    left = {one.said for one in _every(after)}
    for finding in fixed:
        for one in finding.every:
            if one.said in left:
                where = "" if one.class_name == finding.class_name else f" in {one.class_name}"
                return f"what could be done leaves {one.code}{where} as it is"
    return ""


def _brings(new: Iterable[Finding]) -> str:
    """That there is a new finding, and where it is then; empty if there is none."""
    for found in new:
        place = f"{found.code} at line {found.line} of the fixed text"
        return f"what could be done would bring {place}: {found.message}"
    return ""


Counted = tuple[str, str | None, str]
"""A finding's code, class and release."""


def _counted(findings: Iterable[Finding]) -> Counter[Counted]:
    return Counter(
        (found.code, found.class_name, release)
        for found in _every(findings)
        for release in found.transformers
    )


def _every(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, and those that follow from them."""
    return (one for finding in findings for one in finding.every)


class _Ties(NamedTuple):
    """What a model ties where the config asks for it."""

    before: Groups | None
    after: Groups | None
    raised: bool
    """Whether it could not be built before."""


class Change:
    """One model class under one release, before and after."""

    def __init__(self, old: ModelView, new: ModelView) -> None:
        self.old, self.new = old, new

    def is_affected(self, edited: Collection[str]) -> bool:
        """Return whether an edit can affect the model: it is in a class that the model derives from
        or holds.
        """
        if not self._parts.isdisjoint(edited):
            return True
        old, new = self.old.models.default, self.new.models.default
        return new.model is None and old.raised != new.raised

    @cached_property
    def _parts(self) -> frozenset[str]:
        return parts_of(self.new)

    def rests_on(self, path: Path, edited: Collection[str] | None) -> bool:
        """Return whether the model may be made of one of some classes of another file, None for any."""
        return edited is None or self.unknown or not parts_of(self.new, path).isdisjoint(edited)

    @property
    def unknown(self) -> bool:
        """Whether it is not known what the model is made of: it is neither built nor certain to raise."""
        return any(
            models.default.model is None and models.default.raised is None
            for models in (self.old.models, self.new.models)
        )

    def holds_for(self, other: Change) -> bool:
        """Return whether all that was found out of the change holds for another, of another release."""
        return self.old.at == other.old.at and all(
            other.new.release in view.alike for view in (self.old, self.new)
        )

    def steps_back(self, fixed: Collection[Finding], moves_embeddings: bool) -> list[Step]:
        """Return what the model does worse than before, or what keeps that from being known, up to the first
        that is certain."""
        found = list[Step]()
        for step in chain(self._not_built(fixed), steps_back(self.old, self.new, moves_embeddings)):
            found.append(step)
            if step.certain:
                break
        return found

    def _not_built(self, fixed: Collection[Finding]) -> Iterator[Step]:
        """Yield that a model which has one of the fixed findings is not known to be built then."""
        if self.new.models.default.model is None and any(
            one.class_name == self.new.name for one in _every(fixed)
        ):
            causes = self.new.models.default.causes
            yield Step(f"it cannot be built: {causes[0]}" if causes else "it cannot be built", True)

    @cached_property
    def no_longer_tied(self) -> list[str]:
        """A group of names that were one parameter and are none even where the config asks for a tie."""
        before, after, _ = self.ties_when_asked
        if before is None or after is None:
            return []
        return next((group for group in before if not _finer([group], after)), [])

    @property
    def ties_when_asked(self) -> _Ties:
        """The names that are one parameter, before and after."""
        before, after = (view.models.groups(view.models.tied) for view in (self.old, self.new))
        return _Ties(before, after, self.old.models.tied.raised is not None)

    @property
    def leaves_head(self) -> bool:
        """Whether resizing raised, and now works but for the head."""
        old, new = course(self.old, None).resized, course(self.new, None).resized
        works = old.works is False and bool(new.works)
        return works and new.grown is not None and f"{self.new.embeddings.head}.weight" not in new.grown

    def is_intended(self, moves_embeddings: bool, by_getters: Iterable[Groups]) -> bool:
        """Return whether all is known, and what has changed is what should."""
        return bool(self.new.attempt(lambda: self._is_intended(moves_embeddings, by_getters)))

    def _is_intended(self, moves_embeddings: bool, by_getters: Iterable[Groups]) -> bool:
        old, new = self.old, self.new
        ties, tied = new.models.groups(new.models.default), new.models.groups(new.models.tied)
        before, asked_before = self._ties_before()
        if ties is None or tied is None or before is None or asked_before is None or new.ties.saves is None:
            return False
        if new.ties.saves is False and old.ties.saves is not False:
            return False
        intended = intended_ties(new)
        if intended is None or not self._keeps_embeddings(moves_embeddings):
            return False
        explained = joined(
            [group for groups in (intended, asked_before, declared(old), *by_getters) for group in groups]
        )
        if not (_finer(tied, explained) and _finer(ties, explained)):
            return False
        if not moves_embeddings and not self._keeps_what_is_untied():
            return False
        kept = moves_embeddings or (_finer(before, ties) and _finer(asked_before, tied))
        return kept and (bool(new.config.asks_by_default) or _finer(ties, before))

    def _keeps_what_is_untied(self) -> bool:
        """Whether what is shared with the flag off is what it was, where the model could be built then."""
        old, new = self.old.models, self.new.models
        return old.untied.raised is not None or old.groups(old.untied) == new.groups(new.untied)

    def _ties_before(self) -> tuple[Groups | None, Groups | None]:
        """What was shared before, by default and when asked; where the model could not be built, what its
        constructor shares by itself."""
        old, new = self.old.models, self.new.models
        bare = new.groups(new.untied)
        ties = old.groups(old.default) if old.default.raised is None else bare
        return ties, old.groups(old.tied) if old.tied.raised is None else bare

    def _keeps_embeddings(self, moves_embeddings: bool) -> bool:
        """Whether the getters lead where they led, or somewhere at last."""
        for end in End:
            (_, one), (ending, two) = self.old.embeddings.getter(end), self.new.embeddings.getter(end)
            if ending is None:
                return False
            if not moves_embeddings and self._path(self.old, one) not in (None, self._path(self.new, two)):
                return False
        return True

    @staticmethod
    def _path(view: ModelView, found: object) -> str | None:
        model = view.models.default.model
        return module_tree.path_of(model, found) if isinstance(found, Module) and model is not None else None


def _finer(some: Groups, others: Groups) -> bool:
    """Whether every group lies within one of the others."""
    return all(any(set(group) <= set(other) for other in others) for group in some)


def _changes(before: Checked, after: Checked) -> Iterator[Change]:
    for release, views in before.views.items():
        for old, new in zip(views, after.views[release], strict=True):
            yield Change(old, new)


def _ties_of_getters(after: Checked, view: ModelView) -> Iterator[Groups]:
    """What releases whose getters tie make of a model; these say what a mapping should."""
    if view.interp.contract.ties_by == "getters":
        return
    others = [other for views in after.views.values() for other in views if other.name == view.name]
    older = [other for other in others if other.interp.contract.ties_by == "getters"]
    for at, other in enumerate(older):
        if not any(other.release in known.alike for known in older[:at]):
            with other.noting():
                yield intended_ties(other) or []
    if not older:
        yield intended_by_getters(view) or []
