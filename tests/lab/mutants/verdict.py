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


def check_mutant(release: str, outcome: Outcome) -> Verdict:
    """Lint one mutant: a broken one only until the right finding turns up, beginning where it ought to."""
    text = _text(release, outcome.mutant.module)
    concerned = _concerned(text, outcome)
    if not outcome.breaks:
        return _verdict(release, outcome, _new_findings(release, outcome, concerned))
    first = frozenset([outcome.mutant.class_name, outcome.classes[0]])
    verdict = _verdict(release, outcome, _new_findings(release, outcome, first))
    if verdict.kind == "found":
        return verdict
    return _verdict(release, outcome, _new_findings(release, outcome, concerned | first))


def _new_findings(release: str, outcome: Outcome, about: frozenset[str]) -> Found:
    """What the tool finds in the mutant and not in the file as released."""
    mutant, package = outcome.mutant, package_of(release)
    models, changed = source_file(package, mutant.module), mutant.file(package)
    if changed == models:
        found = findings(release, models, mutant.text(package), about=about)
    else:
        text = _text(release, mutant.module)
        found = findings(release, models, text, {changed: mutant.text(package)}, about)
    was_there = (as_released(release, mutant.module, name) for name in {name for _, name, _ in found})
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


def _verdict(release: str, outcome: Outcome, found: Found) -> Verdict:
    said = frozenset((code, class_name) for code, class_name, _ in found)
    fitting = _fitting(release, outcome, said)
    return Verdict(outcome, said, fitting, _kind(release, outcome, said, fitting))


def _kind(release: str, outcome: Outcome, said: Said, fitting: Said) -> Kind:
    if fitting and outcome.breaks:
        return "found"
    if outcome.breaks and outcome.mutant.how.on_purpose(release):
        return "on purpose"
    if not outcome.breaks and not said:
        return "silent"
    text = _text(release, outcome.mutant.module)
    concerned = _concerned(text, outcome)
    known = {code for name in concerned for code, _, _ in as_released(release, outcome.mutant.module, name)}
    codes = frozenset(code for code, _ in said)
    configs = config_text(source_file(package_of(release), outcome.mutant.module))
    if excepted(Case(release, outcome, text, configs, codes, frozenset(known))):
        return "excepted"
    return "missed" if outcome.breaks else "false alarm"


def _fitting(release: str, outcome: Outcome, said: Said) -> Said:
    mutant = outcome.mutant
    text = _text(release, mutant.module)
    right = {mutant.class_name, *outcome.classes, *ancestors(text, mutant.class_name)}
    codes = mutant.how.codes
    return frozenset((code, name) for code, name in said if code in codes and name in right)


def package_of(release: str) -> Path:
    """The folder of a release's package ``transformers``."""
    return sources(release) / "transformers"


def _text(release: str, module: str) -> str:
    return source_file(package_of(release), module).read_text(encoding="utf-8")


@functools.lru_cache(maxsize=1024)
def as_released(release: str, module: str, class_name: str) -> Found:
    """What the tool finds in a class of a module's file as released: code, class and message."""
    path = source_file(package_of(release), module)
    return _released(release).findings(path, _text(release, module), frozenset([class_name]))


@functools.cache
def _released(release: str) -> _Released:
    return _Released(release)


class _Released:
    """The files of a release as they are, checked with what was read for those before them."""

    MOST_CHECKS = 40
    """How often before what was read is forgotten, which bounds the memory."""

    def __init__(self, release: str) -> None:
        self._release, self._checks = release, 0

    def findings(self, path: Path, text: str, about: frozenset[str]) -> Found:
        """What the tool finds in some classes of a file."""
        if self._checks % self.MOST_CHECKS == 0:
            self._linter = _Narrow(about, Settings(package_of(self._release)), Targets((self._release,), ""))
        self._checks += 1
        self._linter.about = about
        return _findings(self._linter, path, text)


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
    return frozenset((found.code, found.class_name, found.message) for found in checked.findings)


class _Narrow(Linter):
    """Looks at the classes of some names only, if any are given."""

    def __init__(self, about: frozenset[str] | None, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.about = about

    def models(self, project: Project, path: Path, text: str) -> Iterable[ModelView]:
        found = super().models(project, path, text)
        return (view for view in found if self.about is None or view.name in self.about)
