"""Check and explain folders with config.json: code, config and checkpoint together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tie_lint.checkpoint.adapter import CONFIG as ADAPTER
from tie_lint.checkpoint.adapter import Adapter
from tie_lint.checkpoint.config_file import NAME, ConfigFile, may_describe_model
from tie_lint.checkpoint.errors import CheckpointError
from tie_lint.finding import Finding
from tie_lint.interpreter.budget import class_budget
from tie_lint.library.target import Policy, Target, Targets, folder_targets
from tie_lint.loading.folder import FLAG, FolderView, ModelFolder
from tie_lint.loading.resolve import UnresolvedError, resolve
from tie_lint.pipeline.checker import no_collections
from tie_lint.pipeline.explanation import Explanation, explain_folder
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.linter import Projects
from tie_lint.pipeline.problems import Problems
from tie_lint.pipeline.selection import Selection
from tie_lint.python.text import UnreadableSourceError
from tie_lint.rules import Rule, all_rules
from tie_lint.settings import Settings
from tie_lint.tiemap.view import ModelView


@dataclass
class CheckedFolder:
    """What was found in one folder."""

    shown: str
    """The path of its config.json, as findings have it."""
    targets: Targets
    """What it is checked against."""
    findings: list[Finding] = field(default_factory=list)
    text: str = ""
    """The text of config.json."""
    warnings: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    says_flag: bool = False
    """Whether config.json itself says whether to tie."""


class FolderChecker:
    """Settings and targets of a run, for the folders in it."""

    def __init__(self, settings: Settings, targets: Targets, *, comparing: bool) -> None:
        self._settings, self._targets, self._comparing = settings, targets, comparing
        self._selection = Selection(settings)
        self._projects: dict[tuple[str, ...], Projects] = {}

    def check(self, path: Path) -> CheckedFolder | None:
        """Check the folder of a config.json, or of an adapter_config.json; None where it is of no model."""
        checked = CheckedFolder(os.path.normpath(path), self._targets)
        try:
            config = ConfigFile.read(path.parent, path.name)
            checked.text = config.text
            with no_collections(), class_budget(self._settings.class_time_limit):
                if path.name == ADAPTER:
                    self._check_adapter(Adapter(path.parent), checked)
                elif not config.describes_model:
                    return None
                else:
                    checked.says_flag = isinstance(config.get((FLAG,)), bool)
                    self._check_model(ModelFolder(path.parent, config, comparing=self._comparing), checked)
        except CheckpointError as error:
            if error.path.name == path.name and not may_describe_model(path):
                return None
            checked.findings = self._unreadable(error)
        except Exception as error:
            checked.failures.append(Failure.of(error, checked.shown))
        return checked

    def _check_model(self, folder: ModelFolder, checked: CheckedFolder) -> None:
        problems = Problems()
        for view, target in self._views(folder, checked):
            if folder.checkpoint is not None and view.prediction.loaded is None:
                why = view.prediction.reason or f"it raises {view.prediction.raises}"
                checked.warnings.append(
                    f"{checked.shown}: not loaded in transformers {target.release}: {why}"
                )
            self._add(problems, view, target, folder.config.path)
        checked.findings = list(problems.findings(checked.shown))

    def _check_adapter(self, adapter: Adapter, checked: CheckedFolder) -> None:
        base, problems = base_of(adapter), Problems()
        if base is None:
            checked.warnings.append(f"{checked.shown}: not followed: {adapter.base!r} is no folder here")
            return
        folder = ModelFolder(base, ConfigFile.read(base), comparing=False)
        for view, target in self._views(folder, checked, adapter):
            self._add(problems, view, target, adapter.config.path)
        checked.findings = list(problems.findings(checked.shown))

    def _views(
        self, folder: ModelFolder, checked: CheckedFolder, adapter: Adapter | None = None
    ) -> Iterator[tuple[FolderView, Target]]:
        """Yield the folder under every target. Where its class is not known, warn."""
        checked.targets = targets = folder_targets(self._targets, folder.saved_with)
        for target in targets.each(Policy(self._settings.tied_weights_keys)):
            view = self.view(folder, target.release, targets, adapter=adapter)
            if isinstance(view, str):
                checked.warnings.append(f"{checked.shown}: not followed: {view}")
            else:
                yield view, target

    def _add(self, problems: Problems, view: FolderView, target: Target, path: Path) -> None:
        """Add the problems of one target that the rules find."""
        for rule in self._rules(path):
            if rule.applies(target.contract) and rule.of_adapters == (view.adapter is not None):
                for problem in rule.check(view, target):
                    problems.add(rule, view.name, problem, target.release)

    def explain(self, path: Path, class_name: str, warnings: list[str]) -> Iterator[Explanation]:
        """Explain the class that is loaded from a folder, or the one of that name, for every target.

        Adds to ``warnings`` why there is none. Raises ``CheckpointError``.
        """
        config = ConfigFile.read(path)
        if not config.describes_model:
            return
        folder = ModelFolder(path, config, comparing=self._comparing)
        targets = folder_targets(self._targets, folder.saved_with)
        for target in targets.each(Policy(self._settings.tied_weights_keys)):
            found = self.view(folder, target.release, targets, class_name)
            if isinstance(found, str):
                warnings.append(f"{os.path.normpath(config.path)}: not followed: {found}")
                continue
            home = found.cls.scope.path
            view = ModelView(found.project, found.cls, home or config.path, values=config.values)
            with no_collections(), class_budget(self._settings.class_time_limit):
                if home is None:
                    line, shown = found.flag_span[0], os.path.normpath(config.path)
                else:
                    line, shown = view.at[0], os.path.normpath(path / home.name)
                problems = Problems()
                self._add(problems, found, target, config.path)
                findings = list(problems.findings(os.path.normpath(config.path)))
                explained = explain_folder(shown, line, view, found, _asked_by(targets), findings)
            yield explained

    def view(
        self,
        folder: ModelFolder,
        release: str,
        targets: Targets,
        asked: str = "",
        adapter: Adapter | None = None,
    ) -> FolderView | str:
        """Return the folder under a release, or why its class is not known."""
        key = tuple(targets.releases)
        if key not in self._projects:
            self._projects[key] = Projects(targets.releases, largest=self._settings.max_file_size)
        try:
            project = self._projects[key].of(folder.path / NAME)[0][release]
            cls = resolve(project, folder.path, folder.config.values, asked)
            return FolderView(folder, project, cls, adapter)
        except UnresolvedError as error:
            return str(error)

    def _rules(self, path: Path) -> Iterator[Rule]:
        for rule in all_rules().values():
            if rule.of_folders and self._selection.reports(rule.code, path):
                yield rule

    def _unreadable(self, error: CheckpointError) -> list[Finding]:
        """Return the finding about a file that cannot be used."""
        problems = Problems()
        for rule in all_rules().values():
            if rule.of_files and self._selection.reports(rule.code, error.path):
                for problem in rule.check(UnreadableSourceError(error.problem)):
                    for release in self._targets.releases:
                        problems.add(rule, None, problem, release)
        return list(problems.findings(os.path.normpath(error.path)))


def _asked_by(targets: Targets) -> str:
    """What asked for the targets, in words."""
    return "as asked for" if targets.source == "transformers" else targets.source


def base_of(adapter: Adapter) -> Path | None:
    """The folder of the model that an adapter is for: its own, or the one that it names."""
    named = adapter.base if isinstance(adapter.base, str) and "\0" not in adapter.base else ""
    candidates = [adapter.folder, *([adapter.folder / named, Path(named)] if named else [])]
    return next((path for path in candidates if (path / NAME).is_file()), None)
