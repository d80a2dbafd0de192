"""Check and explain folders with config.json: code, config and checkpoint together."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from tie_lint.checkpoint.adapter import CONFIG as ADAPTER
from tie_lint.checkpoint.adapter import WEIGHTS, Adapter
from tie_lint.checkpoint.checkpoint import CANDIDATES
from tie_lint.checkpoint.config_file import NAME, ConfigFile, may_describe_model
from tie_lint.checkpoint.errors import CheckpointError
from tie_lint.finding import Finding
from tie_lint.interpreter.budget import class_budget
from tie_lint.library.target import Policy, Target, Targets, folder_targets
from tie_lint.loading.folder import FLAG, FolderView, ModelFolder
from tie_lint.loading.resolve import UnresolvedError, resolve
from tie_lint.pipeline.document import Document
from tie_lint.pipeline.explanation import FreshExplanation, explain_folder
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.folder_code import CodeFindings
from tie_lint.pipeline.folder_result import FolderResult
from tie_lint.pipeline.garbage import GARBAGE, MODEL_FOLDER, no_collections
from tie_lint.pipeline.linter import Projects
from tie_lint.pipeline.problems import Problems
from tie_lint.pipeline.reading import read_document
from tie_lint.pipeline.selection import Selection
from tie_lint.python.disk import Disk, is_file, listing, state
from tie_lint.python.text import UnreadableSourceError
from tie_lint.rules import Rule, all_rules
from tie_lint.settings import Settings
from tie_lint.tiemap.view import ModelView


class FolderChecker:
    """Settings and targets of a run, for the folders in it."""

    def __init__(self, settings: Settings, targets: Targets, *, comparing: bool) -> None:
        self._settings, self._targets, self._comparing = settings, targets, comparing
        self._selection = Selection(settings)
        self._projects: dict[tuple[str, ...], Projects] = {}

    def check(self, path: Path) -> FolderResult | None:
        """Check the folder of a config.json, or of an adapter_config.json; None where it is of no model."""
        since = time.time_ns()
        GARBAGE.add(MODEL_FOLDER)
        try:
            config = ConfigFile.read(path.parent, path.name)
            with no_collections(), class_budget(self._settings.class_time_limit):
                if path.name == ADAPTER:
                    return self._check_adapter(Adapter(path.parent), since)
                if not config.describes_model:
                    return None
                return self._check_model(ModelFolder(path.parent, config, comparing=self._comparing), since)
        except CheckpointError as error:
            if error.path.name == path.name and not may_describe_model(path):
                return None
            return FolderResult(self._targets, tuple(self._unreadable(error)))
        except Exception as error:
            return FolderResult(self._targets, failures=(Failure.of(error, os.path.normpath(path)),))

    def _check_model(self, folder: ModelFolder, since: int) -> FolderResult:
        problems, warnings, views = Problems(), list[str](), list[FolderView]()
        code: CodeFindings | None = None
        targets = folder_targets(self._targets, folder.saved_with)
        for view, target in self._views(folder, targets, warnings):
            views.append(view)
            if folder.checkpoint is not None and view.prediction.loaded is None:
                why = view.prediction.reason or f"it raises {view.prediction.raises}"
                warnings.append(f"not loaded in transformers {target.release}: {why}")
            self._add(problems, view, target, folder.config.path)
            home = view.cls.scope.path
            if home is not None and home.parent == folder.path.absolute():
                code = code or CodeFindings(self._code_rules(home), folder.path / home.name)
                code.add(view, target)
        return FolderResult(
            targets,
            tuple(problems.findings(os.path.normpath(folder.config.path), targets)),
            tuple(code.findings(targets) if code else ()),
            tuple(code.notes() if code else ()),
            tuple(warnings),
            isinstance(folder.config.get((FLAG,)), bool),
            self._seen(folder, targets, since),
        )

    def _check_adapter(self, adapter: Adapter, since: int) -> FolderResult:
        base, problems, warnings = base_of(adapter), Problems(), list[str]()
        if base is None:
            return FolderResult(
                self._targets, warnings=(f"not followed: {adapter.base!r} is no folder here",)
            )
        folder = ModelFolder(base, ConfigFile.read(base), comparing=False)
        targets = folder_targets(self._targets, folder.saved_with)
        for view, target in self._views(folder, targets, warnings, adapter):
            self._add(problems, view, target, adapter.config.path)
        own = [adapter.config.path, adapter.folder / WEIGHTS, *(one / NAME for one in bases(adapter))]
        return FolderResult(
            targets,
            tuple(problems.findings(os.path.normpath(adapter.config.path), targets)),
            warnings=tuple(warnings),
            seen={**self._seen(folder, targets, since), **_states(own, since)},
        )

    def _seen(self, folder: ModelFolder, targets: Targets, since: int) -> dict[str, str | None]:
        """Return what a result depends on, each with what tells its content."""
        files = [folder.config.path, *(folder.path / name for name in CANDIDATES)]
        files += folder.checkpoint.files if folder.checkpoint else []
        around = str(folder.path.absolute())
        seen = {**_states(files, since), around: listing(around)}
        projects = self._projects_of(targets)
        by_release, sought = projects.of(folder.path / NAME)
        reached = {*sought}
        for project in by_release.values():
            reached |= {path for file in folder.path.glob("*.py") for path in project.known_from(file)}
        return {**seen, **projects.disk.fingerprints(reached)}

    def _views(
        self,
        folder: ModelFolder,
        targets: Targets,
        warnings: list[str],
        adapter: Adapter | None = None,
    ) -> Iterator[tuple[FolderView, Target]]:
        """Yield the folder under every target. Where its class is not known, warn."""
        for target in targets.each(Policy(self._settings.tied_weights_keys)):
            view = self.view(folder, target.release, targets, adapter=adapter)
            if isinstance(view, str):
                warnings.append(f"not followed: {view}")
            else:
                yield view, target

    def _add(self, problems: Problems, view: FolderView, target: Target, path: Path) -> None:
        """Add the problems of one target that the rules find."""
        for rule in self._rules(path):
            if rule.applies(target.contract) and rule.of_adapters == (view.adapter is not None):
                for problem in rule.check(view, target):
                    problems.add(rule, view.name, problem, target.release)

    def explain(self, path: Path, class_name: str, warnings: list[str]) -> Iterator[FreshExplanation]:
        """Explain the class that is loaded from a folder, or the one of that name, for every target.

        Adds to ``warnings`` why there is none. Raises ``CheckpointError``.
        """
        GARBAGE.add(MODEL_FOLDER)
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
                    line, document = found.flag_span[0], self._document(config.path)
                else:
                    line, document = view.at[0], self._document(path / home.name)
                problems = Problems()
                self._add(problems, found, target, config.path)
                alone = Targets((target.release,), targets.source)
                findings = list(problems.findings(os.path.normpath(config.path), alone))
                code = [] if home is None else self._of_code(view, target, home, document.shown)
                explained = explain_folder(document, line, view, found, _asked_by(targets), findings, code)
            yield explained

    def _document(self, path: Path) -> Document:
        return read_document(path, Disk(self._settings.max_file_size))

    def _of_code(self, view: ModelView, target: Target, home: Path, shown: str) -> list[Finding]:
        """Return what is wrong with the code of a class under the config that it is loaded with."""
        problems = Problems()
        for rule in self._code_rules(home):
            if rule.applies(target.contract):
                for problem in view.attempt(lambda rule=rule: list(rule.check(view, target))) or []:  # type: ignore[misc]
                    problems.add(rule, view.name, problem, target.release)
        return list(problems.findings(shown, Targets((target.release,), self._targets.source)))

    def view(
        self,
        folder: ModelFolder,
        release: str,
        targets: Targets,
        asked: str = "",
        adapter: Adapter | None = None,
    ) -> FolderView | str:
        """Return the folder under a release, or why its class is not known."""
        try:
            project = self._projects_of(targets).of(folder.path / NAME)[0][release]
            cls = resolve(project, folder.path, folder.config.values, asked)
            return FolderView(folder, project, cls, adapter)
        except UnresolvedError as error:
            return str(error)

    def _projects_of(self, targets: Targets) -> Projects:
        if targets.releases not in self._projects:
            largest = self._settings.max_file_size
            self._projects[targets.releases] = Projects(targets.releases, largest=largest)
        return self._projects[targets.releases]

    def _code_rules(self, path: Path) -> list[Rule]:
        reported = [rule for rule in all_rules().values() if self._selection.reports(rule.code, path)]
        return [rule for rule in reported if not (rule.of_files or rule.of_folders or rule.of_comments)]

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
        return list(problems.findings(os.path.normpath(error.path), self._targets))


def _asked_by(targets: Targets) -> str:
    """What asked for the targets, in words."""
    return targets.source if targets.asked_by else "as asked for"


def _states(paths: Iterable[Path], since: int) -> dict[str, str | None]:
    return {str(path.absolute()): state(str(path), since) for path in paths}


def base_of(adapter: Adapter) -> Path | None:
    """Return the folder of the model that an adapter is for: its own, or the one that it names."""
    return next((path for path in bases(adapter) if is_file(path / NAME)), None)


def bases(adapter: Adapter) -> list[Path]:
    """Return the folders that may hold the model that an adapter is for."""
    named = adapter.base if isinstance(adapter.base, str) and "\0" not in adapter.base else ""
    return [adapter.folder, *([adapter.folder / named, Path(named)] if named else [])]
