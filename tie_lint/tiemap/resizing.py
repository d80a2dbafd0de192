"""Whether ``resize_token_embeddings`` can put a larger matrix in the place of each end of a tie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tie_lint.interpreter.base_values import RaisedError, Unknown, Value
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.tiemap.construction import attempt

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter

Setter = Literal["works", "raises", "no-effect"]


def setter_works(interp: Interpreter, model: Module, end: str, now: Module) -> Setter | None:
    """Whether ``get_<end>()`` returns what ``set_<end>()`` was given; None where it cannot be told.

    ``end`` is "input_embeddings" or "output_embeddings", and ``now`` what the getter returns as yet. The
    model is changed.
    """
    new = _like(now)
    ending: Setter | None = attempt(interp, lambda: _set(interp, model, end, new))
    if ending == "raises":
        return ending
    found = attempt(interp, lambda: _get(interp, model, end))
    if ending is None or found is None or isinstance(found, Unknown):
        return None
    return "works" if found is new else "no-effect"


def where_set(interp: Interpreter, model: Module, end: str, now: Module) -> str | None:
    """The dotted path at which ``set_<end>()`` puts what it is given; None where that cannot be told.

    ``now`` is a module of the kind that is set. The model is changed.
    """
    new = _like(now)
    if attempt(interp, lambda: _set(interp, model, end, new)) != "works":
        return None
    return module_tree.path_of(model, new)


def _get(interp: Interpreter, model: Module, end: str) -> Value:
    """What the getter returns; the model itself where the setter spoilt what the getter looks into."""
    try:
        return interp.call_method(model, f"get_{end}")
    except RaisedError:
        return model


def _set(interp: Interpreter, model: Module, end: str, new: Module) -> Setter:
    try:
        interp.call_method(model, f"set_{end}", new)
    except RaisedError:
        return "raises"
    return "works"


def _like(module: Module) -> Module:
    """What the library makes of a layer to put it in its place: the same with parameters of its own."""
    new = Module(module.cls)
    for name, value in module.attrs.items():
        new.attrs[name] = Param(value.shape) if isinstance(value, Param) else value
    return new
