"""The one pipeline that every front end calls: a file's text, the models in it, the rules, the findings."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.version import Version

from tie_lint.finding import Finding
from tie_lint.library.contract import Contract, contract_of
from tie_lint.library.modular import is_template
from tie_lint.library.target import Targets
from tie_lint.merge import Problems
from tie_lint.python.outline import UnreadableSourceError, decode
from tie_lint.rules import Problem, Rule, all_rules
from tie_lint.selection import Selection
from tie_lint.settings import Settings
from tie_lint.suppression import Suppressions

if TYPE_CHECKING:
    from tie_lint.model.view import ModelView

Views = Callable[[Path, str], "Iterator[ModelView]"]
"""The models of a file, from its path and text. Raises ``UnreadableSourceError``."""


def open_project(release: str, unsaved: Mapping[Path, str]) -> Views:
    """The files and one release of the library as one project; only here is known how to make it.

    ``unsaved`` are texts that stand for those of files. Raises ``UnreadableSourceError`` for one of them.
    """
    from tie_lint.library.index import library
    from tie_lint.model.project import Project
    from tie_lint.model.view import views

    project = Project(library(release))
    for path, text in unsaved.items():
        project.file(path, text)
    return lambda path, text: views(project, path, text)


@dataclass(frozen=True)
class Checked:
    """What came of one file: how many model classes it holds, and what is wrong with them."""

    models: int
    findings: list[Finding]
    views: dict[str, list[ModelView]] = field(default_factory=dict)
    """The models, by release."""


class Linter:
    """Settings and targets, and the projects that files are resolved in, which are kept between files."""

    def __init__(
        self, settings: Settings, targets: Targets, unsaved: Mapping[Path, str] | None = None
    ) -> None:
        newest = contract_of(max(targets.releases, key=Version))
        self._contracts = {
            release: replace(
                contract_of(release),
                keys_wanted_on=settings.tied_weights_keys,
                newest=None if contract_of(release) == newest else newest,
            )
            for release in targets.releases
        }
        self._selection = Selection(
            settings.select, settings.ignore, settings.per_file_ignores, settings.root
        )
        self._projects: dict[str, Views] = {}
        self._settings, self._targets, self._unsaved = settings, targets, unsaved or {}

    def afresh(self, unsaved: Mapping[Path, str] | None = None) -> Linter:
        """The same with nothing kept of any file, and with texts for some that are not what is on disk."""
        return Linter(self._settings, self._targets, {**self._unsaved, **(unsaved or {})})

    def text_of(self, path: Path) -> str:
        """The text that a file is taken to have. Raises ``UnreadableSourceError`` or ``OSError``."""
        return self._unsaved[path] if path in self._unsaved else decode(path.read_bytes())

    def check(self, path: Path, shown: str, text: str, noqa: bool = True) -> Checked:
        """Judge one file by every target. ``shown`` is the path that its findings bear.

        A modular file whose models are generated into another file is left alone.
        """
        if is_template(path):
            return Checked(0, [])
        problems = Problems()
        try:
            views = {release: self._judge(path, text, release, problems) for release in self._contracts}
        except UnreadableSourceError as error:
            return self.unreadable(path, shown, error)
        silenced = Suppressions(text if noqa else "")
        findings = problems.findings(shown)
        left = [found for found in findings if not silenced.silence(found.code, found.line)]
        return Checked(max(map(len, views.values())), left, views)

    def unreadable(self, path: Path, shown: str, error: UnreadableSourceError) -> Checked:
        """The outcome for a file that could not be read."""
        problems = Problems()
        for rule in self._rules(path, of_files=True):
            for problem in rule.check(error):
                for release in self._contracts:
                    problems.add(rule, None, problem, release)
        return Checked(0, problems.findings(shown))

    def _judge(self, path: Path, text: str, release: str, problems: Problems) -> list[ModelView]:
        """Add the problems of one release; return the models."""
        if release not in self._projects:
            self._projects[release] = open_project(release, self._unsaved)
        rules = self._rules(path)
        views = list(self._projects[release](path, text))
        contract = self._contracts[release]
        for view, rule in itertools.product(views, rules):
            for problem in _found(view, rule, contract):
                problems.add(rule, view.name, problem, release)
        return views

    def _rules(self, path: Path, of_files: bool = False) -> list[Rule]:
        return [
            rule
            for rule in all_rules().values()
            if rule.of_files == of_files and self._selection.reports(rule.code, path)
        ]


def _found(view: ModelView, rule: Rule, contract: Contract) -> list[Problem]:
    """What a rule finds in a model; nothing where the question goes beyond the bounds of a run."""
    if not rule.applies(contract):
        return []
    return view.attempt(lambda: list(rule.check(view, contract))) or []
