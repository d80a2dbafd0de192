"""Constructions that are certain to raise, whatever the values of the config, and what they lack."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from tie_lint.interpreter.attributes import attribute_of
from tie_lint.interpreter.base_values import UNBOUND, Given
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Instance
from tie_lint.intrinsics.transformers import configs
from tie_lint.intrinsics.transformers.trace import Downloaded, Lacked
from tie_lint.python.nodes import Attr
from tie_lint.python.statements import Span, Stmt, Try, With
from tie_lint.python.walk import blocks, expressions, walk
from tie_lint.record import NamedTuple
from tie_lint.tiemap.built_model import BuiltModels
from tie_lint.tiemap.certain_failure import (
    CertainFailure,
    failure_of,
    lacked_fields,
    lacks,
    raises_by_default,
    raises_whatever,
)
from tie_lint.tiemap.construction import Construction
from tie_lint.tiemap.family import model_classes

GUARDS = (Try, With)
"""What may catch an exception, or change what a call does."""


class LackedHelper(NamedTuple):
    """A helper of the library that a construction uses and this release does not have."""

    name: str
    at: Span | None
    """The statement of the class's own body that uses it; None where other code does."""


class Failures:
    """What makes building or loading a model raise for certain."""

    def __init__(self, models: BuiltModels) -> None:
        self._models, self._interp, self._cls = models, models.interp, models.cls

    @cached_property
    def lacked_helper(self) -> LackedHelper | None:
        """The helper that ends every construction; None where there is none, or another model of the file is
        where it is to be fixed."""
        return self._lacked(self._models.default)

    @cached_property
    def lacked_helper_when_tied(self) -> LackedHelper | None:
        """The same with ``tie_word_embeddings=True``, where the config's own default builds the model."""
        return None if self._models.default.model is None else self._lacked(self._models.tied)

    def _lacked(self, built: Construction) -> LackedHelper | None:
        last = self._last_lacked(built)
        if last is None:
            return None
        if last.model.cls is not self._cls:
            return None if self._is_beside(last.model.cls) else LackedHelper(last.name, None)
        user = next((cls for cls in self._classes if any(uses(cls, last.name))), None)
        if user is None or user is self._cls:
            at = None if user is None else next(uses(user, last.name)).at
            return LackedHelper(last.name, at)
        return None if self._is_beside(user) else LackedHelper(last.name, None)

    @staticmethod
    def _last_lacked(built: Construction) -> Lacked | None:
        """The lack of a helper that ends a construction."""
        last = built.events[-1] if built.raised is not None and built.events else None
        is_end = isinstance(last, Lacked) and str(built.raised).endswith(f"{last.name!r}")
        return last if isinstance(last, Lacked) and is_end else None

    @cached_property
    def certain(self) -> CertainFailure | None:
        """What ends every construction whatever the config says, where this class is the one to report it
        at; so of the others."""
        return failure_of(self._interp, self._cls, raises_whatever)

    @cached_property
    def by_default(self) -> CertainFailure | None:
        """What ends the construction with the default config."""
        return failure_of(self._interp, self._cls, raises_by_default)

    @cached_property
    def lacked_fields(self) -> list[Given]:
        """What the construction with the default config reads, and that does not have."""
        return lacked_fields(self._interp, self._cls)

    def has(self, field: Given) -> bool:
        """Return whether the default config, or the one inside that it is a field of, has it here."""
        model = self._models.default.model
        config = None if model is None else model.attrs.get("config")
        found = configs.sub_configs(config) if isinstance(config, Instance) else []
        return any(
            attribute_of(self._interp, item, field.name, UNBOUND) is not UNBOUND
            for item in found
            if item.cls.leaf == field.owner
        )

    def without(self, field: Given) -> CertainFailure | None:
        """What ends the construction with the default config, as that lacks a field."""
        return failure_of(self._interp, self._cls, lacks(field.name))

    @property
    def is_certain(self) -> bool:
        """Whether what ends the construction is certain, be it that it is reported at another class."""
        certain = raises_whatever(self._interp, self._cls)
        return certain is not None or self._last_lacked(self._models.default) is not None

    @property
    def is_built_by_default(self) -> bool:
        """Whether the model is built with the default config, its parts too."""
        return self._models.default.model is not None and not self.raises_by_default

    @property
    def raises_by_default(self) -> bool:
        """Whether the construction raises with the default config."""
        return raises_by_default(self._interp, self._cls) is not None

    @cached_property
    def nested_load(self) -> Span | None:
        """The statement of the class's own body that loads another model in each construction."""
        built = self._models.default
        if self._interp.contract.loads_inside_init or built.model is None:
            return None
        loads = [event.at for event in built.events if isinstance(event, Downloaded)]
        facts = self._cls.method("__init__")
        found = () if facts is None else _users(facts.body, "from_pretrained", GUARDS)
        return next((stmt.at for stmt in found if stmt.at in loads), None)

    @property
    def _classes(self) -> Iterator[Class]:
        return (item for item in self._cls.mro if isinstance(item, Class) and item.scope.path is not None)

    def _is_beside(self, cls: object) -> bool:
        return any(cls is other for other in model_classes(self._cls.scope))


def uses(cls: Class, name: str) -> Iterator[Stmt]:
    """Yield the statements of a class's own methods that ask an object for an attribute."""
    for method in cls.facts.method_names():
        facts = cls.method(method)
        if facts is not None:
            yield from _users(facts.body, name)


def _users(body: list[Stmt], name: str, skip: tuple[type[Stmt], ...] = ()) -> Iterator[Stmt]:
    for stmt in body:
        if isinstance(stmt, skip):
            continue
        for expr in expressions(stmt):
            if any(isinstance(node, Attr) and node.name == name for node in walk(expr)):
                yield stmt
                break
        for block in blocks(stmt):
            yield from _users(block, name, skip)
