"""What ``resize_token_embeddings`` makes larger, step by step as the library's own does it.

After ``_resize_token_embeddings`` in ``modeling_utils.py`` (4.51.3 and 5.23.0): the input embedding grows in
place and is set anew, a head that is not tied is replaced by a larger one, and ``tie_weights()`` is called.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from tie_lint.interpreter.base_values import RaisedError, Unknown
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers.tying_by_getters import tie_flag
from tie_lint.record import NamedTuple
from tie_lint.tiemap.accessors import End
from tie_lint.tiemap.construction import attempt, changeable
from tie_lint.tiemap.weights import weight_of

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter


class Resized(NamedTuple):
    """How resizing ends; None stands for unknown."""

    works: bool | None
    """Whether it raises nothing."""
    grown: frozenset[str] | None = None
    """The names of the parameters that have the new size."""
    gone: frozenset[str] = frozenset()
    """The names of parameters that are no part of the model any more, since a setter put an embedding in the
    place of a module that held others, too."""
    behind: frozenset[str] = frozenset()
    """The names of parts of the model, models themselves, whose head keeps its size while their embedding
    grows; empty where nobody asked."""


def resized(interp: Interpreter, cls: Class, tied: bool | None, inside: bool = False) -> Resized:
    """Resize a model whose ``tie_word_embeddings`` is as its config has it, or forced; ``inside`` asks for
    what is left behind in parts that are models themselves."""
    model = changeable(interp, cls, tied).model
    if model is None:
        return Resized(None)
    return attempt(interp, lambda: _resized(interp, model, inside)) or Resized(None)


def _resized(interp: Interpreter, model: Module, inside: bool) -> Resized:
    before = {name for name, _ in module_tree.named_parameters(model, module_tree.only_built)}
    try:
        source = interp.call_method(model, End.INPUT.getter)
        if isinstance(source, Unknown):
            return Resized(None)
        weight = weight_of(source)
        if weight is None:
            return Resized(False)
        larger = [weight]
        interp.call_method(model, End.INPUT.setter, source)
        head = interp.call_method(model, End.OUTPUT.getter)
        flag = interp.contract.ties_by == "getters" and tie_flag(interp, model.attrs.get("config"))
        if isinstance(head, Unknown) or flag is None:
            return Resized(None)
        if isinstance(head, Module) and not flag and weight_of(head) is not weight:
            head = replacement(head)
            larger += [one for one in head.attrs.values() if isinstance(one, Param)]
        if head is not None and not flag:
            interp.call_method(model, End.OUTPUT.setter, head)
        interp.call_method(model, "tie_weights")
        larger += _padded(model, weight)
    except RaisedError:
        return Resized(False)
    after = dict(module_tree.named_parameters(model, module_tree.only_built))
    grown = (name for name, one in after.items() if _is_among(one, larger))
    behind = _left_behind(interp, model, larger) if inside else ()
    return Resized(True, frozenset(grown), frozenset(before.difference(after)), frozenset(behind))


def _left_behind(interp: Interpreter, model: Module, larger: list[Param]) -> Iterator[str]:
    for name, part in module_tree.named_modules(model, module_tree.only_built):
        if part is model or not (isinstance(part.cls, Class) and part.cls.is_model):
            continue
        with suppress(RaisedError):
            ends = [interp.call_method(part, end.getter) for end in (End.INPUT, End.OUTPUT)]
            embedding, head = (weight_of(end) if isinstance(end, Module) else None for end in ends)
            if head is not None and _is_among(embedding, larger) and not _is_among(head, larger):
                yield name


def _is_among(one: Param | None, others: list[Param]) -> bool:
    return any(one is other for other in others)


def _padded(model: Module, weight: Param) -> list[Param]:
    """The biases beside a tied weight, which ``tie_weights()`` makes as long in place, whoever else has them.

    After ``_tie_or_clone_weights`` (4.51.3) and ``_adjust_bias`` (5.23.0).
    """
    held = [module.attrs for module in module_tree.distinct_modules(model, module_tree.only_built)]
    beside = [attrs.get("bias") for attrs in held if attrs.get("weight") is weight]
    return [bias for bias in beside if isinstance(bias, Param)]


def replacement(module: Module) -> Module:
    """Return what the library makes of a layer to put it in its place: the same with parameters of
    its own.
    """
    new = Module(module.cls)
    for name, value in module.attrs.items():
        new.attrs[name] = Param(value.shape) if isinstance(value, Param) else value
    return new
