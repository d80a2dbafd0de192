"""The model view: everything a rule may ask of one model class under one release.

The view is put together from parts, one for each kind of question. What is costly is found when first asked
for. Each answer has three values: None stands for unknown, and rules never report on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tie_lint.cause import Cause
from tie_lint.interpreter.classes import Class
from tie_lint.library.tree import PACKAGE
from tie_lint.project.lacked_imports import LackedImport, lacked_import, lacks_imports
from tie_lint.python.statements import Span
from tie_lint.tiemap.built_model import BuiltModels
from tie_lint.tiemap.embeddings import Embeddings
from tie_lint.tiemap.failures import Failures
from tie_lint.tiemap.family import Family, model_classes
from tie_lint.tiemap.following import Following
from tie_lint.tiemap.lifecycle import Lifecycle
from tie_lint.tiemap.lost_in_5 import Lost, lost_in_5
from tie_lint.tiemap.model_config import ModelConfig
from tie_lint.tiemap.own_configs import OwnConfigs
from tie_lint.tiemap.places import Place, in_source, place_of_attribute, place_of_part
from tie_lint.tiemap.prefix import Prefix
from tie_lint.tiemap.resize_code import ResizeCode
from tie_lint.tiemap.resizing import Resizing
from tie_lint.tiemap.spelling import Spelling
from tie_lint.tiemap.tied_keys import TiedKeys
from tie_lint.tiemap.ties import Ties
from tie_lint.tiemap.unreached_embeddings import UnreachedEmbeddings
from tie_lint.tiemap.unresolved import missing_base, unresolved_models
from tie_lint.tiemap.wrong_embeddings import WrongEmbeddings

if TYPE_CHECKING:
    from tie_lint.library.target import Target
    from tie_lint.library.watched import Releases
    from tie_lint.project.project import Project

T = TypeVar("T")


class Role(Enum):
    """What a class is in its family."""

    INIT_BASE = "init-base"
    BACKBONE = "backbone"
    DOWNSTREAM = "downstream"
    OTHER = "other"


class ModelView:
    """One model class, seen under one release."""

    def __init__(
        self,
        project: Project,
        cls: Class,
        path: Path,
        missing_base: Cause | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """``values`` are those of the config.json that the class is loaded with, where there is one."""
        self.interp, self.cls, self.path = project.interpreter, cls, path
        self._project = project
        self._unlike: set[str] = set()
        self.name: str = cls.leaf
        self.at: Span = cls.facts.at
        self.release: str = project.library.release
        self.missing_base = missing_base
        """That a base was not found, of a class that only looks like a model."""
        self.models = BuiltModels(self.interp, cls, values)
        """Builds of the class, and how they fail."""
        self.config = ModelConfig(self.models)
        """What its config says about tying."""
        self.family = Family(self.models)
        """What it is to the other models of its module."""
        self.prefix = Prefix(self.models, self.family)
        """Whether ``base_model_prefix`` names its backbone."""
        self.resize_code = ResizeCode(self.models)
        """Its own ``resize_token_embeddings``."""
        self.embeddings = Embeddings(self.models, self.family, self.resize_code)
        """Its getters, and what follows the vocabulary."""
        self.wrong_embeddings = WrongEmbeddings(self.models, self.embeddings, self.resize_code)
        """Getters that return something else."""
        self.unreached = UnreachedEmbeddings(
            self.models, self.family, self.prefix, self.embeddings, self.resize_code
        )
        """A token embedding that no getter reaches."""
        self.tied_keys = TiedKeys(self.models, self.config, self.family, self.prefix)
        """Its ``_tied_weights_keys``."""
        self.ties = Ties(self.models, self.config, self.family, self.embeddings, self.tied_keys)
        """What ties, what should, and whether it can be saved."""
        self.lifecycle = Lifecycle(self.models, self.config, self.embeddings, self.tied_keys, self.ties)
        """What keeps a tie, or loses it: ``post_init()``, hooks, loading."""
        self.own_configs = OwnConfigs(self.models, self.embeddings)
        """Heads of models inside that have a config of their own."""
        self.resizing = Resizing(self.models, self.prefix, self.embeddings, self.resize_code)
        """Whether its setters can replace the embeddings."""
        self.failures = Failures(self.models)
        """What makes building or loading it raise for certain."""
        self.spelling = Spelling(self.models)
        """Misspelt names of what the library reads."""

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note for which other targets of the run something that is read meanwhile is otherwise."""
        with self._project.peers.noting() as unlike:
            yield
        self._unlike |= unlike

    @property
    def alike(self) -> Releases:
        """The other targets of the run for which everything that was found out so far is the same."""
        return self._project.alike(self.path) - self._unlike

    def gaps(self, target: Target) -> list[Cause]:
        """Return why the class could not be followed as far as the rules need; empty if it was, and where it
        is certain that building it raises."""
        if self.missing_base is not None:
            return [self.missing_base]
        return [] if self._gaps and self._is_certain_to_raise(target) else self._gaps

    @cached_property
    def _gaps(self) -> list[Cause]:
        return Following(self.models, self.config, self.embeddings).gaps

    def _is_certain_to_raise(self, target: Target) -> bool:
        certain = self.attempt(
            lambda: self.lacked_import or self.failures.is_certain or self.lost_in_5(target) is not None
        )
        return bool(certain)

    def of(self, cls: Class) -> ModelView:
        """Return the view of another class of the same file and release."""
        return ModelView(self._project, cls, self.path)

    def under(self, release: str) -> ModelView | None:
        """Return the view of the same class under another release; None where the file has no such class."""
        project = self._project.under(release)
        cls = project.file(self.path).lookup(self.name)
        return ModelView(project, cls, self.path) if isinstance(cls, Class) else None

    def lost_in_5(self, target: Target) -> Lost | None:
        """Return why building the model with its default config raises, and did not before 5.0; None where
        importing its file may fail before."""

        def under(release: str) -> Failures | None:
            if self._is_of_library or lacks_imports(self._project.under(release), self.path):
                return None  # importing the file fails there
            other = self.under(release)
            return None if other is None else other.failures

        lost = lost_in_5(self.failures, target, under)
        return None if lost is not None and lacks_imports(self._project, self.path) else lost

    @property
    def _is_of_library(self) -> bool:
        """Whether the file is one of a tree of the library's own source, which is of one release."""
        return self.cls.scope.dotted.partition(".")[0] == PACKAGE

    @cached_property
    def lacked_import(self) -> LackedImport | None:
        """What the file imports in any case, and the release does not have."""
        return None if self._is_of_library else lacked_import(self._project, self.path)

    def ties_head_under(self, release: str) -> bool:
        """Return whether the model as its config makes it has a tied head under another release."""
        other = self.under(release)
        return other is not None and other.ties.head_is_tied

    @cached_property
    def role(self) -> Role:
        """What the class is in its family."""
        if self.family.only_init_base:
            return Role.INIT_BASE
        if self.family.relatives:
            return Role.DOWNSTREAM
        if self.embeddings.token_embedding:
            return Role.BACKBONE
        return Role.OTHER

    @cached_property
    def family_ties(self) -> bool:
        """For an init base class: whether a model of its family in this module ties when asked."""
        return any(self.of(cls).ties.when_asked for cls in self.family.members)

    @cached_property
    def holders_tie(self) -> bool:
        """Whether a model of this module that holds the class has a tied head, as its config makes it."""
        holders = self.family.holders
        held = (cls for cls, parts in holders if any(self.cls in child.mro for child, _ in parts.values()))
        return any(self.of(cls).ties.head_is_shared for cls in held)

    @property
    def own_init(self) -> bool:
        """Whether the class defines ``__init__`` itself."""
        return self.cls.facts.has_method("__init__")

    def declares(self, name: str) -> bool:
        """Return whether the class's own body gives the attribute or method."""
        return self.models.declares(name)

    def place(self, name: str) -> Span:
        """Return where the class's own body gives an attribute or method, else where its name stands."""
        found = self.cls.own().get(name)
        if found is None or found.kind == "bare":
            return self.at
        facts = self.cls.method(name) if found.kind == "method" else None
        span: Span = facts.at if facts is not None else found.at
        return span or self.at

    def given(self, name: str) -> Place | None:
        """Return where the project gives the class an attribute or method; None where it does not."""
        return in_source(place_of_attribute(self.cls, name))

    def made(self, path: str) -> Place | None:
        """Return where the project makes a module of the model; None where that is not known."""
        model = self.models.available.model
        return None if model is None else in_source(place_of_part(model, path))

    def attempt(self, work: Callable[[], T]) -> T | None:
        """Return the result of some work on the run; None where its bounds, or errors of the linted code,
        end it."""
        return self.models.attempt(work)


def views(project: Project, path: Path, text: str) -> Iterator[ModelView]:
    """Yield a view of every model class of a file whose bases are known. Raises ``UnreadableSourceError``."""
    scope = project.file(path, text)
    project.judged(scope)
    for cls in model_classes(scope):
        if missing_base(project, cls) is None:
            yield ModelView(project, cls, path)


def unresolved_views(project: Project, path: Path) -> Iterator[ModelView]:
    """Yield a view of every class of a file that is a model, or looks like one, and has a base that was not
    found."""
    for cls, cause in unresolved_models(project, project.file(path)):
        yield ModelView(project, cls, path, cause)
