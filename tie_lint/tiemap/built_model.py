"""The builds of one model class, each made when first asked for: as its config says, tied, and untied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from tie_lint.interpreter.base_values import Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.inheritance import lookup
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers.trace import InitWeights, PostInit
from tie_lint.library.names import PRETRAINED_MODEL
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.construction import (
    Construction,
    attempt,
    built,
    changeable,
    construct,
    construct_as,
    shared_parameters,
    tie,
)
from tie_lint.tiemap.post_init import Reached, overriding, reaches_post_init

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter

T = TypeVar("T")

Groups = list[list[str]]
"""Groups of dotted parameter names; those of a group are one object."""


class BuiltModels:
    """One model class under one release, built as its config says, tied, or untied."""

    def __init__(self, interp: Interpreter, cls: Class, values: Mapping[str, Any] | None = None) -> None:
        """``values`` are those of a config.json, in the place of the config's own defaults."""
        self.interp, self.cls, self.values = interp, cls, values
        self._groups: list[tuple[Construction, Groups | None]] = []

    def of(self, cls: Class) -> BuiltModels:
        """Return the builds of another class under the same release."""
        return BuiltModels(self.interp, cls)

    @cached_property
    def default(self) -> Construction:
        """The model under its config's own defaults."""
        return self._built(None)

    def _built(self, tied: bool | None) -> Construction:
        if self.values is None:
            return built(self.interp, self.cls, tied)
        return construct_as(self.interp, self.cls, self.values, tied)

    @cached_property
    def tied(self) -> Construction:
        """The model with ``tie_word_embeddings`` forced True, tied even where ``__init__`` forgets to."""
        if self.post_init is Reached.ALWAYS:
            return self._built(True)
        bare = changeable(self.interp, self.cls, True)
        if bare.model is not None:
            tie(self.interp, bare.model)
        return bare

    @cached_property
    def untied(self) -> Construction:
        """The model with ``tie_word_embeddings`` forced False: before the library ties anything."""
        return self._built(False)

    @cached_property
    def registered(self) -> dict[str, int]:
        """The parameters that the untied model has built, each with its place in their order."""
        model = self.untied.model
        found = [] if model is None else module_tree.named_parameters(model, module_tree.only_built)
        return {name: index for index, name in reversed([*enumerate(name for name, _ in found)])}

    @cached_property
    def available(self) -> Construction:
        """The first that can be built: the default one, the untied one, or one whose ``post_init()`` does
        nothing."""
        if self.default.model is not None or self.untied.model is not None:
            return self.default if self.default.model is not None else self.untied
        return construct(self.interp, self.cls, False, deferred=True)

    def attempt(self, work: Callable[[], T]) -> T | None:
        """Return the result of some work on the run; None where its bounds, or errors of the linted code,
        end it."""
        return attempt(self.interp, work)

    def handed_out(self, construction: Construction, end: End) -> Value:
        """Return what the getter of an end returns; None where that is not known, and where it raises."""
        return self.attempt(lambda: self.interp.call_method(construction.model, end.getter))

    def groups(self, construction: Construction) -> Groups | None:
        """Return the groups of parameter names that are one object; None where not all is known."""
        for known, groups in self._groups:
            if known is construction:
                return groups
        self._groups.append((construction, shared_parameters(self.interp, construction)[0]))
        return self._groups[-1][1]

    @property
    def fails(self) -> bool:
        """Whether building the model raises, under its config's own defaults."""
        return self.default.raised is not None

    @property
    def failure(self) -> str | None:
        """The type of the error that it raises; None where it raises none."""
        return _kind(self.default)

    @property
    def failure_when_tied(self) -> str | None:
        """The type of the error that building the model raises with ``tie_word_embeddings=True``; or None."""
        return _kind(self.tied)

    @cached_property
    def post_init(self) -> Reached | None:
        """How ``__init__`` reaches ``self.post_init()``; None where that is not known."""
        called = [event for event in self.default.events if isinstance(event, (PostInit, InitWeights))]
        happened = {type(event) for event in called if event.model.cls is self.cls}
        if self.default.model is None and InitWeights not in happened:
            return None
        return reaches_post_init(self.interp, self.cls, happened, bool(self.default.doubts))

    @property
    def post_init_override(self) -> str | None:
        """The name of the class whose ``post_init`` takes the place of the library's."""
        owner = overriding(self.cls)
        return None if owner is None else owner.leaf

    @cached_property
    def builds_nothing(self) -> bool:
        """Whether the class's models have no parts: it is there for others to derive from."""
        model = self.default.model
        if model is None or self.attempt(lambda: bool(model.children())):
            return False
        return not any(isinstance(value, Unknown) and value.module for value in model.attrs.values())

    def owner(self, method: str) -> Class | None:
        """Return the class that defines a method; None for the library's own base class."""
        found = lookup(self.cls, method)
        owner = None if found is None else found[0]
        return owner if isinstance(owner, Class) and owner.name != PRETRAINED_MODEL else None

    def declares(self, name: str) -> bool:
        """Return whether the class's own body gives the attribute or method."""
        found = self.cls.own().get(name)
        return found is not None and found.kind != "bare"


def _kind(construction: Construction) -> str | None:
    return construction.raised.partition(":")[0] if construction.raised else None
