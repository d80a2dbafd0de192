"""The model view: everything a rule may ask of one model class under one release.

What is costly is found when first asked for. Each answer has three values: None stands for unknown, and
rules never report on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tie_lint.tiemap.family import model_classes
from tie_lint.tiemap.lifecycle import Upkeep

if TYPE_CHECKING:
    from tie_lint.project.project import Project

Role = Literal["init-base", "backbone", "downstream", "other"]


class ModelView(Upkeep):
    """One model class, seen under one release."""

    @cached_property
    def role(self) -> Role:
        """What the class is in its family."""
        if self.only_init_base:
            return "init-base"
        if self._held_relatives(self.cls):
            return "downstream"
        if self.token_embedding:
            return "backbone"
        return "other"


def views(project: Project, path: Path, text: str) -> Iterator[ModelView]:
    """A view of every model class of a file. Raises ``UnreadableSourceError``."""
    scope = project.file(path, text)
    project.judged(scope)
    for cls in model_classes(scope):
        yield ModelView(project.interpreter, cls, path)
