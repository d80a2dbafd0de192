"""Findings about the code beside a config.json, by default and under that config.

A class is written for many configs, so what it does by default is told all the same. What holds under this
config only is told as well; what holds under the defaults only is a warning, as this folder does not show it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tie_lint.finding import Finding, Severity
from tie_lint.library.target import Target, Targets
from tie_lint.loading.folder import FolderView
from tie_lint.pipeline.folder_result import Note
from tie_lint.pipeline.noqa import NoqaComments
from tie_lint.pipeline.problems import Problems
from tie_lint.python.disk import Disk
from tie_lint.python.text import UnreadableSourceError
from tie_lint.record import replace
from tie_lint.rules import Problem, Rule
from tie_lint.tiemap.view import ModelView

Place = tuple[str, tuple[int, ...]]
"""A rule's code, and where it found something."""
Found = dict[Place, dict[str, list[Problem]]]
"""By release."""


class CodeFindings:
    """The problems of one class beside a config.json, by default and under that."""

    def __init__(self, rules: Sequence[Rule], home: Path) -> None:
        self._rules = {rule.code: rule for rule in rules}
        self._home, self._class_name = home, ""
        self._by_default: Found = {}
        self._here: Found = {}

    def add(self, view: FolderView, target: Target) -> None:
        """Ask the rules about one target."""
        self._class_name = view.name
        self._ask(view, target, None, self._by_default)
        self._ask(view, target, view.config.values, self._here)

    def _ask(self, view: FolderView, target: Target, values: Mapping[str, Any] | None, found: Found) -> None:
        model = ModelView(view.project, view.cls, self._home, values=values)
        for rule in self._rules.values():
            if rule.applies(target.contract):
                for problem in model.attempt(lambda rule=rule: list(rule.check(model, target))) or []:  # type: ignore[misc]
                    place = rule.code, tuple(problem.at)
                    found.setdefault(place, {}).setdefault(target.release, []).append(problem)

    def findings(self, targets: Targets) -> list[Finding]:
        """Return what holds under this config only, at once, as far as no comment silences it."""
        problems = Problems()
        for place, by_release in self._here.items():
            for release, found in by_release.items() if place not in self._by_default else ():
                for problem in found:
                    if problem.severity == "error":
                        problems.add(self._rules[place[0]], self._class_name, problem, release)
        comments = NoqaComments(self._text())
        shown = os.path.normpath(self._home)
        left = problems.findings(shown, targets, comments.silences)
        return [replace(one, notes=(*one.notes, "with this config.json")) for one in left]

    def _text(self) -> str:
        try:
            return Disk().text(str(self._home))
        except (OSError, UnreadableSourceError):
            return ""

    def notes(self) -> Iterator[Note]:
        """Yield what this config makes of what holds by default."""
        for (code, at), by_default in self._by_default.items():
            before, here = _all(by_default), _all(self._here.get((code, at), {}))
            text, severity = _difference(before, here)
            if text:
                yield Note(self._home.name, code, at[0], at[1], text, severity)


def _difference(before: Sequence[Problem], here: Sequence[Problem]) -> tuple[str, Severity]:
    """Return what is to be said of problems that are others under this config; "" where they are not."""
    if not here:
        return "not with this config.json", "warning"
    severity: Severity = "error" if any(one.severity == "error" for one in [*here, *before]) else "warning"
    if {one.message for one in here} != {one.message for one in before}:
        return f"with this config.json: {'; '.join(dict.fromkeys(one.message for one in here))}", severity
    if {one.effect for one in here} != {one.effect for one in before}:
        return f"with this config.json: {'; '.join(dict.fromkeys(one.effect for one in here))}", severity
    is_worse = severity == "error" and all(one.severity == "warning" for one in before)
    return ("with this config.json at once" if is_worse else ""), severity


def _all(by_release: Mapping[str, list[Problem]]) -> list[Problem]:
    return [problem for found in by_release.values() for problem in found]
