"""What ``tie-lint explain`` tells: the tie map of every model class under the paths, per target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tie_lint.errors import UsageError
from tie_lint.library.target import Targets
from tie_lint.pipeline.discovery import python_files
from tie_lint.pipeline.document import Document
from tie_lint.pipeline.globs import Patterns
from tie_lint.pipeline.linter import Projects
from tie_lint.pipeline.prefilter import may_hold_models
from tie_lint.pipeline.workers import no_collections
from tie_lint.python.text import UnreadableSourceError
from tie_lint.settings import Settings

if TYPE_CHECKING:
    from tie_lint.tiemap.tie_map import TieMap
    from tie_lint.tiemap.view import ModelView

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Explanation:
    """One model class under one target."""

    path: str
    view: ModelView
    ties: TieMap

    def as_json(self) -> dict[str, Any]:
        """The object of design: paths or None for none, ``"unknown"`` where the tie map does not know."""
        ties = self.ties
        prefix = UNKNOWN if ties.base_model_prefix is None else ties.base_model_prefix
        return {
            "path": self.path,
            "line": self.view.at[0],
            "class": self.view.name,
            "transformers": self.view.release,
            "role": self.view.role.value,
            "config_class": ties.config_class,
            "base_model_prefix": prefix,
            "base_model": ties.base_model or None,
            "input_embeddings": _path(ties.input_embeddings),
            "output_embeddings": _path(ties.output_embeddings),
            "ties": UNKNOWN if ties.ties is None else ties.ties,
            "ties_if_tied": UNKNOWN if ties.ties_if_tied is None else ties.ties_if_tied,
            "saves": UNKNOWN if ties.saves is None else ties.saves,
        }


def _path(found: str | None) -> str | None:
    return UNKNOWN if found is None else found or None


def explain(wanted: Sequence[str], settings: Settings, targets: Targets) -> Iterator[Explanation]:
    """Explain every model class of ``PATH`` or the one of ``PATH::Class``, for every target.

    Raises ``UsageError`` for a path or class that is not there, or a named file that cannot be read.
    """
    projects = Projects(targets.releases)
    for item in wanted:
        name, _, cls = item.partition("::")
        found = False
        for path, named in python_files([Path(name)], Patterns(settings.exclude, settings.root)):
            with no_collections():
                explanations = list(_explain_file(path, named, cls, projects))
            found = found or bool(explanations)
            yield from explanations
        if cls and not found:
            raise UsageError(f"{name}: no model class {cls}")


def _explain_file(path: Path, named: bool, cls: str, projects: Projects) -> Iterator[Explanation]:
    from tie_lint.tiemap.tie_map import tie_map
    from tie_lint.tiemap.view import views

    try:
        document = Document.read(path, projects.disk)
        text = document.text
        if not named and not may_hold_models(text):
            return
        found = [view for project in projects.of(path)[0].values() for view in views(project, path, text)]
    except UnreadableSourceError as error:
        if named:
            raise UsageError(f"{path}: {error}") from error
        return
    found.sort(key=lambda view: view.at[0])
    for view in found:
        if cls in ("", view.name):
            yield Explanation(document.shown, view, tie_map(view.interp, view.cls))
