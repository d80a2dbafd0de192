"""What the tool says of a mutant, held against what the library did with it.

What the tool finds in the file as released does not count. A finding is the right one where its code is one
of the operator's and its class one that the operator's room calls right (see ``operators``).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tests.corpus import sources
from tests.lab.mutants.copied_out import copied_out
from tests.lab.mutants.known_differences import Case, excepted
from tests.lab.mutants.mutant import config_text, source_file
from tests.lab.mutants.reachable import ancestors, classes, reach
from tests.lab.mutants.records import Outcome
from tie_lint.library.target import Targets
from tie_lint.pipeline.document import TextDocument
from tie_lint.pipeline.linter import Linter
from tie_lint.project.project import Project
from tie_lint.settings import Settings
from tie_lint.tiemap.view import ModelView

Kind = Literal["found", "missed", "excepted", "on purpose", "silent", "false alarm"]
Said = frozenset[tuple[str, str | None]]
"""Findings as pairs of code and class."""

Found = frozenset[tuple[str, str | None, str]]
"""The same with the message."""


@dataclass(frozen=True)
class Verdict:
    """A mutant, and what the tool said of it that it does not say of the file as released."""

    outcome: Outcome
    said: Said
    to_the_point: Said
    """Those findings that have a fitting code at a right class."""
    kind: Kind

    @property
    def agrees(self) -> bool:
        """Whether the tool did as it should."""
        return self.kind not in ("missed", "false alarm")

    @property
    def beside(self) -> Said:
        """What it said of a broken mutant that is not to the point."""
        return frozenset() if self.kind == "false alarm" else self.said - self.to_the_point


@dataclass(frozen=True)
class Place:
    """A release, and where its models' files lie: in its own tree, or each family copied out of it."""

    release: str
    is_copied_out: bool = False

    def __str__(self) -> str:
        return f"{self.release}{', copied out' if self.is_copied_out else ''}"

    def package(self, module: str) -> Path:
        """The folder in which the module lies as it does in the package ``transformers``."""
        return copied_out(self.release, module) if self.is_copied_out else package_of(self.release)

    def models(self, module: str) -> Path:
        """The module's file."""
        return source_file(self.package(module), module)

    def text(self, module: str) -> str:
        """Its text as released."""
        return self.models(module).read_text(encoding="utf-8")


def check_mutant(place: Place, outcome: Outcome) -> Verdict:
    """Lint one mutant: a broken one only until the right finding turns up, beginning where it ought to."""
    concerned = _concerned(place.text(outcome.mutant.module), outcome)
    if not outcome.breaks:
        return _verdict(place, outcome, _new_findings(place, outcome, concerned))
    first = frozenset([outcome.mutant.class_name, outcome.classes[0]])
    verdict = _verdict(place, outcome, _new_findings(place, outcome, first))
    if verdict.kind == "found":
        return verdict
    return _verdict(place, outcome, _new_findings(place, outcome, concerned | first))


def _new_findings(place: Place, outcome: Outcome, about: frozenset[str]) -> Found:
    """What the tool finds in the mutant and not in the file as released."""
    mutant, package = outcome.mutant, place.package(outcome.mutant.module)
    models, changed = place.models(mutant.module), mutant.file(package)
    if changed == models:
        found = findings(place.release, models, mutant.text(package), about=about)
    else:
        text = place.text(mutant.module)
        found = findings(place.release, models, text, {changed: mutant.text(package)}, about)
    was_there = (as_released(place, mutant.module, name) for name in {name for _, name, _ in found})
    return found.difference(*was_there)


def _concerned(text: str, outcome: Outcome) -> frozenset[str]:
    """The classes that a change to one can matter to: it, its ancestors, and those that rest on it.

    What a rule says of an init base class depends on its models. What it says of a part depends on how the
    part is held, so where attributes or prefixes change all that the class rests on is among them.
    Another config can matter to every model of the file.
    """
    name = outcome.mutant.class_name
    if outcome.mutant.how.where == "configuration":
        return frozenset(classes(text))
    resting = frozenset(other for other in classes(text) if name in reach(text, other))
    if outcome.mutant.how.changes_names:
        return resting | reach(text, name)
    return resting | ancestors(text, name)


def _verdict(place: Place, outcome: Outcome, found: Found) -> Verdict:
    said = frozenset((code, class_name) for code, class_name, _ in found)
    fitting = _fitting(place, outcome, said)
    return Verdict(outcome, said, fitting, _kind(place, outcome, said, fitting))


def _kind(place: Place, outcome: Outcome, said: Said, fitting: Said) -> Kind:
    if fitting and outcome.breaks:
        return "found"
    if outcome.breaks and outcome.mutant.how.on_purpose(place.release):
        return "on purpose"
    if not outcome.breaks and not said:
        return "silent"
    module = outcome.mutant.module
    text = place.text(module)
    known = {code for name in _concerned(text, outcome) for code, _, _ in as_released(place, module, name)}
    codes = frozenset(code for code, _ in said)
    configs = config_text(place.models(module))
    if excepted(Case(place.release, outcome, text, configs, codes, frozenset(known))):
        return "excepted"
    return "missed" if outcome.breaks else "false alarm"


def _fitting(place: Place, outcome: Outcome, said: Said) -> Said:
    mutant = outcome.mutant
    text = place.text(mutant.module)
    right = {mutant.class_name, *outcome.classes, *ancestors(text, mutant.class_name)}
    codes = mutant.how.codes
    return frozenset((code, name) for code, name in said if code in codes and name in right)


def package_of(release: str) -> Path:
    """The folder of a release's package ``transformers``."""
    return sources(release) / "transformers"


@functools.lru_cache(maxsize=1024)
def as_released(place: Place, module: str, class_name: str) -> Found:
    """What the tool finds in a class of a module's file as released: code, class and message."""
    return _released(place).findings(module, frozenset([class_name]))


@functools.cache
def _released(place: Place) -> _Released:
    return _Released(place)


class _Released:
    """The files of a release as they are, checked with what was read for those before them."""

    MOST_CHECKS = 40
    """How often before what was read is forgotten, which bounds the memory."""

    def __init__(self, place: Place) -> None:
        self._place, self._checks = place, 0

    def findings(self, module: str, about: frozenset[str]) -> Found:
        """What the tool finds in some classes of a module's file."""
        if self._checks % self.MOST_CHECKS == 0:
            settings = Settings(self._place.package(module))
            self._linter = _Narrow(about, settings, Targets((self._place.release,), ""))
        self._checks += 1
        self._linter.about = about
        return _findings(self._linter, self._place.models(module), self._place.text(module))


def findings(
    release: str,
    path: Path,
    text: str,
    neighbours: Mapping[Path, str] | None = None,
    about: frozenset[str] | None = None,
) -> Found:
    """What the tool finds in a file with that text, its neighbours being as released but for those given.

    With ``about``, only in the classes of these names.
    """
    return _findings(_Narrow(about, Settings(path.parent), Targets((release,), ""), neighbours), path, text)


def _findings(linter: Linter, path: Path, text: str) -> Found:
    checked = linter.check(TextDocument(path, text, path.name))
    assert not checked.failures, checked.failures
    every = (one for found in checked.findings for one in found.every)
    return frozenset((one.code, one.class_name, str(one.said)) for one in every)


class _Narrow(Linter):
    """Looks at the classes of some names only, if any are given."""

    def __init__(self, about: frozenset[str] | None, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.about = about

    def models(self, project: Project, path: Path, text: str) -> Iterable[ModelView]:
        found = super().models(project, path, text)
        return (view for view in found if self.about is None or view.name in self.about)
