"""Checks of a file's texts as fixes would leave them, within a bound of time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Container, Iterable, Iterator
from contextlib import AbstractContextManager
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from tie_lint.finding import Finding
from tie_lint.fix.importers import Importer, Importers, mentions_in
from tie_lint.fix.verdict import Change, Comparison, Verdict
from tie_lint.interpreter.base_values import ExhaustedError, RaisedError
from tie_lint.interpreter.budget import class_budget
from tie_lint.pipeline.document import Document, TextDocument
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.garbage import GARBAGE
from tie_lint.pipeline.linter import Checked, Linter
from tie_lint.pipeline.surroundings import Around
from tie_lint.python.disk import for_fixes
from tie_lint.python.mentions import Mentions
from tie_lint.record import NamedTuple

T = TypeVar("T")

MOST_KEPT = 8
"""Texts of a file, under one release, of which it is remembered what was found: much is tried twice."""

MOST_SECONDS = 8
"""The CPU time that the fixes of a file may take together, in that of one class and release."""

State = tuple[str, tuple[tuple[Path, str], ...]]
"""A file's text and the edited texts of others."""


class Tried:
    """The texts of a state, and what was found in them."""

    def __init__(self, linter: Linter, state: State, checked: Checked) -> None:
        """``linter`` takes the texts of the state for those of the files."""
        self.linter, self.state, self.checked = linter, state, checked
        self._others: dict[Importer, Checked] = {}

    @cached_property
    def mentions(self) -> Mentions | None:
        """What the names of the file mention; None where it is no Python."""
        return mentions_in(self.state[0])

    def other(self, importer: Importer) -> Checked:
        """Check what rests on the file in another one."""
        if importer not in self._others:
            document = self.linter.document(importer.path)
            GARBAGE.add(document.size * self.linter.releases)
            self._others[importer] = self.linter.check(
                document, asked=lambda models: {model.name for model in models} & importer.names
            )
        return self._others[importer]


class Elsewhere(NamedTuple):
    """The models of another file that rest on what is edited, before and after that."""

    path: Path
    compared: Comparison
    models: list[Change]


def _models(elsewhere: Iterable[Elsewhere]) -> Iterator[tuple[Path, str]]:
    return ((other.path, change.new.name) for other in elsewhere for change in other.models)


class Trials:
    """What is found in a file after edits, and what comes of them."""

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
        begun: State = document.text, ()
        self._known = {} if checked is None else {begun: Tried(linter, begun, checked)}
        self._others: dict[Path, Document] = {}
        self._importers: dict[Path, Importers] = {}
        self.failures: list[Failure] = []
        """Internal errors on the way to the fixes."""
        self.seen: set[str] = set()
        """What made a difference to the fixes: files, those of them that did to nothing else
        (:func:`for_fixes`), and what stands for all those around this one."""
        self.importers_seen: set[str] = set()
        """The files that made a difference to whether a fix does harm elsewhere."""

    def check(self, state: State) -> Tried:
        """Check a text afresh: nothing is kept of what the files held before."""
        if state not in self._known:
            for old in list(self._known)[: -max(MOST_KEPT // self._linter.releases, 2)]:
                del self._known[old]
            text, others = state
            GARBAGE.add(len(text) * self._linter.releases)
            document = TextDocument(self._document.path, text, self._document.shown)
            linter = self._linter.afresh({**dict(others), self._document.path: text})
            self._known[state] = Tried(linter, state, linter.check(document))
            self.seen |= self._known[state].checked.seen
        return self._known[state]

    def _around(self) -> Around:
        found = self._linter.surroundings.of(self._document.path, self._linter.projects.disk)
        self.seen.add(found.name)
        self.importers_seen.update(found.files)
        return found

    @property
    def spent(self) -> bool:
        """Whether the fixes of the file have taken all the time that they may."""
        return time.thread_time() > self._deadline

    def time_limit(self) -> AbstractContextManager[None]:
        """Bound the time of one offer by that of a class, within a ``with`` statement."""
        return class_budget(self._linter.class_time_limit)

    def verdict(
        self,
        before: Tried,
        state: State,
        fixed: Collection[Finding],
        edited: Collection[str] | None,
        start: Checked | None = None,
        each: bool = False,
    ) -> Verdict:
        """Return whether edits are safe. What an internal error kept from being checked is no better.

        ``fixed`` are the findings that should be gone, ``edited`` names the classes with an edit in them,
        None for any. Findings that there were at the ``start`` may come back. ``each`` says whether what is
        left to the fixes of other findings counts.
        """
        if self.spent:
            return self._too_long
        after = self.check(state)
        if after.checked.failures:
            return Verdict("worse")
        compared = Comparison(before.checked, after.checked, start, each)
        here = self._verdict(partial(compared.verdict, fixed, edited))
        if here.kind == "worse":  # so that others need not be looked into
            return here
        return self._over(here, fixed, self._elsewhere(before, after, edited))

    def verdicts(
        self,
        before: Tried,
        state: State,
        fixes: Collection[tuple[Finding, Collection[str]]],
        start: Checked | None = None,
    ) -> list[Verdict] | None:
        """Return for each of several fixes whether it is safe by itself, where one check of the text after
        all of them shows that; each is a finding with the classes that are edited for it."""
        if self.spent:
            return [self._too_long for _ in fixes]
        after = self.check(state)
        if after.checked.failures:
            return None
        compared = Comparison(before.checked, after.checked, start)
        if not self._bounded(lambda: compared.are_apart([edited for _, edited in fixes])):
            return None
        elsewhere = [self._elsewhere(before, after, edited) for _, edited in fixes]
        models = [model for others in elsewhere for model in {*_models(others or ())}]
        if len(models) > len({*models}):
            return None
        here = (self._verdict(partial(compared.verdict, [one], edited, alone=False)) for one, edited in fixes)
        return [
            self._over(verdict, [one], others)
            for verdict, (one, _), others in zip(here, fixes, elsewhere, strict=True)
        ]

    def _elsewhere(
        self, before: Tried, after: Tried, edited: Collection[str] | None
    ) -> list[Elsewhere] | None:
        """The models of other files that rest on edited classes, None for any; None where it is not known."""
        importers = self._resting(before, after, edited)
        if importers is None:
            return None
        found = []
        for importer in importers:
            if self.spent:
                return None
            old, new = before.other(importer), after.other(importer)
            self.importers_seen |= new.seen
            self.seen.update(map(for_fixes, old.seen | new.seen))
            compared, path = Comparison(old, new), self._document.path.absolute()
            resting = self._bounded(partial(compared.resting, importer.names, path, edited))
            if resting is None or old.failures or new.failures:
                return None
            found.append(Elsewhere(importer.path, compared, resting))
        return found

    def _over(
        self, here: Verdict, fixed: Collection[Finding], elsewhere: Iterable[Elsewhere] | None
    ) -> Verdict:
        """What comes of edits for their own file, or for others if that is worse."""
        if here.kind == "worse":
            return here
        if elsewhere is None:
            return Verdict("unsafe")
        for path, compared, resting in elsewhere:
            verdict = self._verdict(partial(compared.elsewhere, fixed, resting))
            if verdict.kind == "worse":
                return Verdict("worse", f"in {os.path.relpath(path)}, {verdict.reason}")
            here = verdict if verdict.kind == "unsafe" else here
        return here

    def _resting(self, before: Tried, after: Tried, edited: Collection[str] | None) -> list[Importer] | None:
        """What in other files mentions edited classes of the file; None for all that is edited, in others
        too. None where it is not known."""
        own, path = before.mentions, self._document.path.absolute()
        if own is None or edited is not None:
            return self._importers_of(path, frozenset() if own is None else own.dependents(edited or ()))
        edits: list[tuple[Path, Mentions | None, Mentions | None]] = [(path, own, after.mentions)]
        edits += [
            (one, mentions_in(old), mentions_in(new)) for one, old, new in self._others_edited(before, after)
        ]
        found: list[list[Importer] | None] = []
        for one, old, new in edits:
            if old is None or new is None:
                return None
            found.append(self._importers_of(one, old.dependents(old.changed(new))))
        names: dict[Path, frozenset[str]] = {}
        for importer in (one for several in found for one in several or ()):
            names[importer.path] = names.get(importer.path, frozenset()) | importer.names
        names.pop(path, None)
        return None if None in found else [Importer(*item) for item in sorted(names.items())]

    def _importers_of(self, path: Path, names: frozenset[str]) -> list[Importer] | None:
        if path not in self._importers:
            self._importers[path] = Importers(path, self._around, self._linter.projects.disk)
        importers = self._importers[path]
        found = importers.of(names)
        self.seen.update(map(for_fixes, importers.read))
        return found

    def _others_edited(self, before: Tried, after: Tried) -> Iterator[tuple[Path, str, str]]:
        """The other files that are edited, such as a config's: the path, the text before and after."""
        known = dict(before.state[1])
        for path, text in after.state[1]:
            old = known.get(path, self.other(path).text)
            if old != text:
                yield path, old, text

    @property
    def _too_long(self) -> Verdict:
        return Verdict("worse", f"the fixes of one file took more than {self._seconds:g} s of CPU time")

    def _verdict(self, find: Callable[[], Verdict]) -> Verdict:
        unknown = "what would come of it cannot be worked out within the bounds of a run"
        return self._bounded(find) or Verdict("worse", unknown)

    @staticmethod
    def _bounded(find: Callable[[], T]) -> T | None:
        """Return an answer; None where it cannot be worked out within the bounds of a run."""
        try:
            return find()
        except (RaisedError, ExhaustedError, RecursionError):
            return None

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
