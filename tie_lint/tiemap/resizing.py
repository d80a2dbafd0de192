"""Whether ``resize_token_embeddings`` can put a larger matrix in the place of each end of a tie."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from tie_lint.interpreter.base_values import RaisedError, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.python.nodes import Attr, Name
from tie_lint.python.walk import expressions, statements, walk
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.built_model import BuiltModels
from tie_lint.tiemap.construction import attempt, changeable
from tie_lint.tiemap.embeddings import Embeddings
from tie_lint.tiemap.prefix import Prefix
from tie_lint.tiemap.resize_code import ResizeCode
from tie_lint.tiemap.resized import replacement, resized
from tie_lint.tiemap.weights import fit, weight_of

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter


class Setter(Enum):
    """How a setter ends."""

    WORKS = "works"
    """The getter returns what was set."""
    RAISES = "raises"
    NO_EFFECT = "has no effect"


class Resizing:
    """Whether the setters of a model can replace its embeddings."""

    def __init__(
        self, models: BuiltModels, prefix: Prefix, embeddings: Embeddings, resize_code: ResizeCode
    ) -> None:
        self._models, self._prefix, self._embeddings = models, prefix, embeddings
        self._resize_code, self._interp = resize_code, models.interp

    @cached_property
    def output_setter(self) -> Setter | None:
        """How ``set_output_embeddings()`` ends, where the getter returns a vocabulary head, or an embedding
        that has its weight whatever the config says. That it raises, whatever the getter returns: resizing
        of an embedding that is there calls it then."""
        head = self._embeddings.head
        ending = self._setter(End.OUTPUT, head, *(self._embeddings.same_as(head) if head else ()))
        if ending is None and weight_of(self._embeddings.untied_ends[0]) is not None:
            other = self._setter(End.OUTPUT)
            return other if other is Setter.RAISES else None
        return ending

    @cached_property
    def input_setter(self) -> Setter | None:
        """How ``set_input_embeddings()`` ends, where the getter returns a token embedding, all, or anything
        else, where code of the model's own that resizes calls the setter."""
        found = self._embeddings.vocabulary
        if found is None or self._prefix.misleads:  # with the right prefix it may well work
            return None
        if self._resize_code.asks(End.INPUT.setter):
            ending = self._setter(End.INPUT)
            return None if ending is Setter.NO_EFFECT else ending  # it may not go by the getter
        return self._setter(End.INPUT, *found.embeddings, self._embeddings.list_of_embeddings)

    @cached_property
    def left_behind(self) -> str | None:
        """A parameter beside the head that is as long as the vocabulary, that ``forward`` uses, and that
        resizing leaves at its old size."""
        head, model = self._embeddings.head, self._models.default.model
        if model is None or head is None or self._resize_code.bodies:
            return None
        beside = list(_as_long_beside(model, head))
        grown = resized(self._interp, self._models.cls, None).grown if beside else None
        if grown is None or f"{head}.weight" not in grown:
            return None
        return next((path for path in beside if path not in grown), None)

    @cached_property
    def put_back(self) -> str | None:
        """The embedding whose old weight ``tie_weights()`` gives the head after its setter replaced that:
        another than the one that resizing makes larger."""
        head, model = self._embeddings.head, self._models.default.model
        if model is None or head is None or not self._interp.contract.resizes_tied_head:
            return None
        if self._resize_code.bodies or self.output_setter is not Setter.WORKS:
            return None
        weight = weight_of(module_tree.submodule(model, head))
        source = weight_of(self._models.handed_out(self._models.default, End.INPUT))
        found = self._embeddings.vocabulary
        if weight is None or source is None or weight is source or found is None or not fit(weight, source):
            return None
        tied = (path for path in found.embeddings if weight_of(module_tree.submodule(model, path)) is weight)
        other = next(tied, None)
        if other is None:
            return None
        after = resized(self._interp, self._models.cls, None)
        stays = after.grown is not None and after.grown.isdisjoint([f"{head}.weight", f"{other}.weight"])
        return other if after.works and stays else None

    def _setter(self, end: End, *expected: str | None) -> Setter | None:
        """How a setter ends where the getter returns one of the modules that are expected, if any are."""
        model = self._models.untied.model
        if model is None or self._resize_code.does_without(end.setter):
            return None
        found = self._embeddings.untied_ends[end is End.OUTPUT]
        if not isinstance(found, Module):
            return None
        path = module_tree.path_of(model, found)
        if expected and path not in expected:
            return None
        other = changeable(self._interp, self._models.cls, False).model
        like = self._models.attempt(lambda: self._interp.call_method(other, end.getter))
        if other is None or not isinstance(like, Module):
            return None
        ending = setter_works(self._interp, other, end, like)
        is_made = path is None  # by the getter, of the embedding: it needs no setter, but resizing calls it
        return None if is_made and ending is Setter.NO_EFFECT else ending


def setter_works(interp: Interpreter, model: Module, end: End, now: Module) -> Setter | None:
    """Return whether the getter returns what the setter was given; None where it is not known.

    ``now`` is what the getter returns as yet. The model is changed.
    """
    new = replacement(now)
    ending: Setter | None = attempt(interp, lambda: _set(interp, model, end, new))
    if ending is Setter.RAISES:
        return ending
    found = attempt(interp, lambda: _get(interp, model, end))
    if ending is None or found is None or isinstance(found, Unknown):
        return None
    return Setter.WORKS if found is new else Setter.NO_EFFECT


def where_set(interp: Interpreter, model: Module, end: End, now: Module) -> str | None:
    """Return the dotted path at which the setter puts what it is given; None where that is not known.

    ``now`` is a module of the kind that is set. The model is changed.
    """
    new = replacement(now)
    if attempt(interp, lambda: _set(interp, model, end, new)) is not Setter.WORKS:
        return None
    return module_tree.path_of(model, new)


def _get(interp: Interpreter, model: Module, end: End) -> Value:
    """What the getter returns; the model itself where the setter spoilt what the getter looks into."""
    try:
        return interp.call_method(model, end.getter)
    except RaisedError:
        return model


def _set(interp: Interpreter, model: Module, end: End, new: Module) -> Setter:
    try:
        interp.call_method(model, end.setter, new)
    except RaisedError:
        return Setter.RAISES
    return Setter.WORKS


def _as_long_beside(model: Module, head: str) -> Iterator[str]:
    """The vectors in the modules around a head that are as long as it has rows, and used by ``forward``."""
    weight = module_tree.parameter(model, f"{head}.weight")
    shape = weight.shape if isinstance(weight, Param) and weight.shape else (None,)
    for path in module_tree.around(head):
        holder = module_tree.submodule(model, path)
        for name, param in holder.attrs.items() if isinstance(holder, Module) else ():
            if isinstance(param, Param) and param.shape == shape[:1] != shape[1:] and _is_used(holder, name):
                yield f"{path}.{name}".lstrip(".")


def _is_used(holder: Module, name: str) -> bool:
    """Whether the ``forward`` of a module's class asks it for an attribute."""
    facts = holder.cls.method("forward") if isinstance(holder.cls, Class) else None
    wanted = Attr(Name("self"), name)
    exprs = (expr for stmt in statements(facts.body if facts else []) for expr in expressions(stmt))
    return any(node == wanted for expr in exprs for node in walk(expr))
