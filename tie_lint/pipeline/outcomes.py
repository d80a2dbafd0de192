"""What rules find in the models of a file, for every target; what holds for several is found out once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from tie_lint.cause import nearest_first
from tie_lint.library.target import Target
from tie_lint.library.watched import NONE, Releases, watched_target
from tie_lint.pipeline.document import Document
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.result import MOST_CAUSES, NotFollowed
from tie_lint.record import NamedTuple
from tie_lint.rules import Problem, Rule

if TYPE_CHECKING:
    from tie_lint.project.project import Project
    from tie_lint.tiemap.view import ModelView


class Outcome(NamedTuple):
    """What comes of one model in one target."""

    problems: list[tuple[Rule, str, Problem]]
    failures: list[Failure]
    lost: list[NotFollowed]
    """The model, where it could not be followed as far as the rules need."""


class Views(Mapping[str, list["ModelView"]]):
    """The models of a file by release, found where they are asked for."""

    def __init__(
        self,
        projects: Mapping[str, Project],
        models: Callable[[Project], list[ModelView]],
        unresolved: Callable[[Project], list[ModelView]],
    ) -> None:
        self.projects = projects
        self._models, self._unresolved = models, unresolved
        self.made: dict[str, list[ModelView]] = {}
        self._every: dict[str, list[ModelView]] = {}

    def __getitem__(self, release: str) -> list[ModelView]:
        if release not in self.made:
            self.made[release] = self._models(self.projects[release])
        return self.made[release]

    def __iter__(self) -> Iterator[str]:
        return iter(self.projects)

    def __len__(self) -> int:
        return len(self.projects)

    def every(self, release: str) -> list[ModelView]:
        """Return the models and the classes that only look like models: their base was not found."""
        if release not in self._every:
            self._every[release] = [*self[release], *self._unresolved(self.projects[release])]
        return self._every[release]


Asked = Callable[[list["ModelView"]], set[str]]
"""Which of the models of a file are asked about, by name."""


def every(models: list[ModelView]) -> set[str]:
    """Ask about all."""
    return {model.name for model in models}


class _Known(NamedTuple):
    """What was found out about the models of a file, for targets in which it holds the same ones."""

    alike: Releases
    asked: list[int]
    """The models that are asked about."""
    outcomes: list[list[tuple[Outcome, Releases]]]
    """For each model what comes of it, and the other targets of which that holds."""


class Inquiry:
    """The rules that are asked about the models of a document, and the targets that they are asked for."""

    def __init__(
        self, document: Document, rules: list[Rule], targets: Mapping[str, Target], seconds: float
    ) -> None:
        """``seconds`` bound the time of a class."""
        self._shown, self._path = document.shown, document.path.absolute()
        self._rules, self._targets, self._seconds = rules, targets, seconds

    def outcomes(self, views: Views, asked: Asked = every) -> dict[str, list[Outcome]]:
        """Return what comes of every model that is asked about, by target.

        Where a target was asked nothing that is otherwise for another one, what comes of it holds for both,
        and so does what may become a fix: that is checked for every target.
        """
        from tie_lint.interpreter.budget import file_budget

        found: dict[str, list[Outcome]] = {}
        groups: list[_Known] = []
        with file_budget(self._seconds, len(views)):
            for release, project in views.projects.items():
                project.peers.leave_out(self._certainly_unlike(release).union(found))
                known = next((one for one in groups if release in one.alike), None)
                if known is None:
                    models = views.every(release)  # which has the file read, with the text that it has here
                    names = asked(models)
                    wanted = [index for index, view in enumerate(models) if view.name in names]
                    known = _Known(project.alike(self._path), wanted, [[] for _ in models])
                    groups.append(known)
                found[release] = [
                    self._outcome(release, views, index, known.outcomes[index]) for index in known.asked
                ]
        return found

    def _certainly_unlike(self, release: str) -> Releases:
        """The targets whose models are tied in another way than those of one."""
        here = self._targets[release].contract.ties_by
        return frozenset(one for one, other in self._targets.items() if other.contract.ties_by != here)

    def _outcome(
        self, release: str, views: Views, index: int, known: list[tuple[Outcome, Releases]]
    ) -> Outcome:
        """What comes of a model in one target; ``known`` is what did in others, and where that holds."""
        for outcome, alike in known:
            if release in alike:
                return outcome
        view = views.every(release)[index]
        with view.noting():
            outcome = self._ask(view, views.projects[release])
        known.append((outcome, view.alike))
        return outcome

    def _ask(self, view: ModelView, project: Project) -> Outcome:
        """Return what comes of a model. An internal error about a rule costs nothing else."""
        from tie_lint.interpreter.budget import class_budget

        own = self._targets[view.release]
        others = {release: other for release, other in self._targets.items() if other is not own}
        target = watched_target(own, project.interpreter.contract, others, project.peers)
        outcome = Outcome([], [], [])
        with class_budget(self._seconds):
            for rule in self._rules:
                before = len(outcome.problems)
                if view.missing_base is not None and not rule.of_missing_bases:
                    continue
                try:
                    found = _found(view, rule, target) if rule.applies(own.contract) else []
                    outcome.problems.extend((rule, view.name, problem) for problem in found)
                except Exception as error:
                    outcome.failures.append(Failure.of(error, self._shown, view.name))
                project.peers.unlike(self._unlike_by_rule(rule, own, len(outcome.problems) > before))
            try:
                gaps = nearest_first(view.gaps(target), str(self._path), str(self._path))
            except Exception as error:
                outcome.failures.append(Failure.of(error, self._shown, view.name))
                return outcome
            if gaps:
                outcome.lost.append(NotFollowed(view.name, view.at[0], tuple(gaps[:MOST_CAUSES])))
        return outcome

    def _unlike_by_rule(self, rule: Rule, target: Target, found: bool) -> Releases:
        """The targets for which it makes a difference that a rule applies to one, or does not.

        Where it applies and nothing was found, it makes none.
        """
        here = rule.applies(target.contract)
        if here and not found:
            return NONE
        return frozenset(one for one, other in self._targets.items() if rule.applies(other.contract) != here)


def _found(view: ModelView, rule: Rule, target: Target) -> list[Problem]:
    """What a rule finds in a model; nothing where the question goes beyond the bounds of a run."""
    return view.attempt(lambda: list(rule.check(view, target))) or []
