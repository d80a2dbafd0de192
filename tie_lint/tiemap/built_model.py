"""The constructions behind a model view, each made when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import RaisedError, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Instance
from tie_lint.intrinsics.transformers import configs
from tie_lint.intrinsics.transformers.pretrained import tie_flag
from tie_lint.intrinsics.transformers.trace import InitWeights, PostInit
from tie_lint.python.facts import Span
from tie_lint.tiemap.construction import Construction, attempt, built, construct, shared_parameters, tie
from tie_lint.tiemap.post_init import Reached, overriding, reaches_post_init

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter

T = TypeVar("T")


class Constructed:
    """One model class under one release, built as its config says, tied, or untied."""

    def __init__(self, interp: Interpreter, cls: Class, path: Path) -> None:
        self.interp, self.cls, self.path = interp, cls, path
        self.name: str = cls.leaf
        self.at: Span = cls.facts.at
        self.target: str = interp.resolver.release
        self._groups: list[tuple[Construction, list[list[str]] | None]] = []

    @cached_property
    def _built(self) -> Construction:
        """The model under its config's own defaults."""
        return built(self.interp, self.cls)

    @cached_property
    def _tied(self) -> Construction:
        """The model with ``tie_word_embeddings`` forced True, tied even where ``__init__`` forgets to."""
        if self.post_init == "always":
            return built(self.interp, self.cls, True)
        bare = construct(self.interp, self.cls, True)
        if bare.model is not None:
            tie(self.interp, bare.model)
        return bare

    @cached_property
    def _untied(self) -> Construction:
        """The model with ``tie_word_embeddings`` forced False: before the library ties anything."""
        return built(self.interp, self.cls, False)

    def attempt(self, work: Callable[[], T]) -> T | None:
        """The result of some work on the run; None where its bounds, or errors of the linted code, end it."""
        return attempt(self.interp, work)

    @property
    def fails(self) -> bool:
        """Whether building the model raises, under its config's own defaults."""
        return self._built.raised is not None

    @property
    def failure(self) -> str | None:
        """The type of the error that it raises; None where it raises none."""
        return _kind(self._built)

    @property
    def failure_when_tied(self) -> str | None:
        """The type of the error that building the model raises with ``tie_word_embeddings=True``; or None."""
        return _kind(self._tied)

    @cached_property
    def post_init(self) -> Reached | None:
        """How ``__init__`` reaches ``self.post_init()``."""
        built = self._built
        called = [event for event in built.events if isinstance(event, (PostInit, InitWeights))]
        happened = {type(event) for event in called if event.model.cls is self.cls}
        if built.model is None and InitWeights not in happened:
            return None
        return reaches_post_init(self.interp, self.cls, happened)

    @property
    def post_init_override(self) -> str | None:
        """The name of the class whose ``post_init`` takes the place of the library's."""
        owner = overriding(self.cls)
        return None if owner is None else owner.leaf

    def _shared(self, built: Construction) -> list[list[str]] | None:
        """The groups of parameter names that are one object; None where not all is known."""
        for known, groups in self._groups:
            if known is built:
                return groups
        self._groups.append((built, shared_parameters(self.interp, built)[0]))
        return self._groups[-1][1]

    def _flag(self, built: Construction) -> Value:
        """The config's own ``tie_word_embeddings``; None where it has none and that reads as False."""
        config = None if built.model is None else built.model.attrs.get("config")
        if not isinstance(config, Instance):
            return Unknown("the config")
        try:
            return get_attr(self.interp, config, "tie_word_embeddings")
        except RaisedError:
            return True if self.interp.contract.tie_flag_default else None

    @cached_property
    def asks_by_default(self) -> bool | None:
        """Whether the config's own default is to tie, as the library reads it in this release."""
        model, found = self._built.model, configs.config_class(self.interp, self.cls)
        if model is not None:
            return self.attempt(lambda: tie_flag(self.interp, model.attrs.get("config")))
        return (
            None
            if found is None
            else self.attempt(lambda: tie_flag(self.interp, configs.default(self.interp, found)))
        )

    @property
    def can_be_asked(self) -> bool:
        """Whether the config offers ``tie_word_embeddings``, whatever its default."""
        return self._flag(self._built if self._built.model is not None else self._untied) is not None

    def declares(self, name: str) -> bool:
        """Whether the class's own body gives the attribute or method."""
        found = self.cls.own().get(name)
        return found is not None and found.kind != "bare"

    def place(self, name: str) -> Span:
        """Where the class's own body gives an attribute or method; the class's name where it does not."""
        found = self.cls.own().get(name)
        if found is None or found.kind == "bare":
            return self.at
        facts = self.cls.method(name) if found.kind == "method" else None
        span: Span = facts.at if facts is not None else found.at
        return span or self.at


def _kind(construction: Construction) -> str | None:
    return construction.raised.partition(":")[0] if construction.raised else None
