"""The tie map of every model class under the paths, per target: what ``tie-lint explain`` shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tie_lint.errors import UsageError
from tie_lint.library.modular import generated, is_template
from tie_lint.library.target import Targets
from tie_lint.pipeline.checker import no_collections
from tie_lint.pipeline.discovery import python_files
from tie_lint.pipeline.document import Document
from tie_lint.pipeline.failure import Failure
from tie_lint.pipeline.globs import Patterns
from tie_lint.pipeline.linter import Projects
from tie_lint.pipeline.prefilter import may_hold_models
from tie_lint.python.text import UnreadableSourceError
from tie_lint.settings import Settings

if TYPE_CHECKING:
    from tie_lint.tiemap.tie_map import TieMap
    from tie_lint.tiemap.view import ModelView

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Explanation:
    """One model class under one target."""

    view: ModelView
    ties: TieMap
    facts: dict[str, Any]
    """What is known, as ``--output-format json`` prints it."""


class Explanations:
    """Explanations of a run, worked out one after the other as they are asked for."""

    def __init__(self, paths: Sequence[str], settings: Settings, targets: Targets) -> None:
        self.targets = targets
        self.failures: list[Failure] = []
        """Internal errors so far, because of which explanations are missing."""
        self.warnings: list[str] = []
        """The files so far that could not be read."""
        self._paths, self._settings = paths, settings

    def __iter__(self) -> Iterator[Explanation]:
        """Explain every model class of ``PATH`` or the one of ``PATH::Class``, for every target.

        Raises ``UsageError`` for a path or class that is not there, or a named file that cannot be read.
        """
        projects = Projects(self.targets.releases, largest=self._settings.max_file_size)
        exclude = Patterns(self._settings.exclude, self._settings.root)
        for item in self._paths:
            name, _, class_name = item.partition("::")
            found = False
            for path, named in python_files([Path(name)], exclude, self.warnings):
                with no_collections():
                    explanations = list(self._explain_file(path, named, class_name, projects))
                found = found or bool(explanations)
                yield from explanations
            if class_name and not (found or self.failures):
                raise UsageError(f"{name}: no model class {class_name}")

    def _explain_file(
        self, path: Path, named: bool, class_name: str, projects: Projects
    ) -> Iterator[Explanation]:
        if is_template(path, projects.disk):
            if named:
                self.warnings.append(f"{path}: left out, its models are generated into {generated(path)}")
            return
        document = Document.read(path, projects.disk)
        try:
            views = _views(document, named, projects)
        except UnreadableSourceError as error:
            if named:
                raise UsageError(f"{path}: {error}") from error
            self.warnings.append(f"{document.shown}: not read, {error}")
            return
        except Exception as error:
            self.failures.append(Failure.of(error, document.shown))
            return
        for view in sorted(views, key=lambda view: view.at[0]):
            if class_name in ("", view.name):
                try:
                    yield _explain(document, view, self._settings.class_time_limit)
                except Exception as error:
                    self.failures.append(Failure.of(error, document.shown, view.name))


def _views(document: Document, named: bool, projects: Projects) -> list[ModelView]:
    """Return the models of a file, for every target. Raises ``UnreadableSourceError``."""
    from tie_lint.tiemap.view import views

    if not named and not may_hold_models(document.text):
        return []
    by_release, _ = projects.of(document.path)
    found: Iterable[Iterable[ModelView]] = (
        views(project, document.path, document.text) for project in by_release.values()
    )
    return [view for models in found for view in models]


def _explain(document: Document, view: ModelView, seconds: float) -> Explanation:
    from tie_lint.interpreter.budget import class_budget
    from tie_lint.tiemap.tie_map import tie_map

    with class_budget(seconds):
        ties = tie_map(view.interp, view.cls)
        return Explanation(view, ties, _facts(document.shown, view, ties))


def _facts(shown: str, view: ModelView, ties: TieMap) -> dict[str, Any]:
    """Return the object of the schema: paths or None for none, ``"unknown"`` where that is not known."""
    return {
        "path": shown,
        "line": view.at[0],
        "class": view.name,
        "transformers": view.release,
        "role": view.role.value,
        "config_class": ties.config_class,
        "base_model_prefix": UNKNOWN if ties.base_model_prefix is None else ties.base_model_prefix,
        "base_model": ties.base_model or None,
        "input_embeddings": _path(ties.input_embeddings),
        "output_embeddings": _path(ties.output_embeddings),
        "ties": UNKNOWN if ties.ties is None else ties.ties,
        "ties_if_tied": UNKNOWN if ties.ties_if_tied is None else ties.ties_if_tied,
        "saves": UNKNOWN if ties.saves is None else ties.saves,
    }


def _path(found: str | None) -> str | None:
    return UNKNOWN if found is None else found or None
