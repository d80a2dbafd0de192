"""Attributes of objects, set and deleted as Python does it."""

from __future__ import annotations

from typing import Any

from tie_lint.interpreter.attributes import bind, get_attr
from tie_lint.interpreter.base_values import RaisedError, Unknown, Value
from tie_lint.interpreter.classes import Attribute, Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.initialization import is_frozen
from tie_lint.interpreter.register import HANDLERS
from tie_lint.interpreter.spot import because
from tie_lint.interpreter.values import (
    Function,
    Instance,
    Module,
    Param,
    PlainNamespace,
    Tensor,
    holds_module,
    may_give_module,
    storage_of,
)


def set_attr(interp: Interpreter, target: Value, name: str, value: Value, at: Any = None) -> None:
    """``target.name = value``."""
    kind = type(target)
    if kind is Instance or kind is Module:
        _set_on_object(interp, target, name, value, at)
    elif kind is Class:
        _patch(interp, target, name, value)
    elif kind is PlainNamespace:
        target.attrs[name] = value
    elif kind is Param:
        if name == "data" and isinstance(value, (Param, Tensor)):
            target.shape, target.storage = value.shape, storage_of(value)
    elif isinstance(target, Unknown) and _may_join(target, value):
        interp.doubt(because("{} is given a module or parameter", target.why))
    elif kind in _WITHOUT_ATTRIBUTES:
        raise RaisedError("AttributeError", f"{kind.__name__!r} object has no attribute {name!r}")
    elif kind is Function and may_give_module(value):
        interp.doubt(f"{name} is set on {target.facts.name}()")
    elif hasattr(target, "dotted") and not interp.loading:  # which a module has
        target.assign(name, value)


_WITHOUT_ATTRIBUTES = (type(None), bool, int, float, str, bytes, list, tuple, dict, set, frozenset)
"""Types whose values take none."""


def _may_join(target: Unknown, value: Value) -> bool:
    """Whether an unknown object may now share a part with the model."""
    of_model = isinstance(value, Unknown) and value.module and value.origin != target.origin
    return isinstance(value, (Module, Param)) or (target.origin is not None and of_model)


def _set_on_object(interp: Interpreter, target: Instance | Module, name: str, value: Value, at: Any) -> None:
    cls = target.cls
    if type(cls) is Class:
        hook = lookup(cls, "__setattr__")
        if hook is not None and type(hook[1]) is Attribute:
            interp.call(bind(interp, target, *hook, "__setattr__"), [name, value], {})
            return
    if isinstance(target, Instance):
        if is_frozen(target.cls):
            raise RaisedError("FrozenInstanceError", f"cannot assign to field {name!r}")
        set_plain_attr(interp, target, name, value)
        return
    kind = type(value)
    if type(cls) is Class and kind is not Module:  # which a module registers past it
        setter = lookup(cls, f"{name}.setter")
        if setter is not None:
            interp.call(bind(interp, target, *setter, f"{name}.setter"), [value], {})
            return
    if name in _OF_PARTS:
        interp.doubt(f"{name} of {cls.leaf} is set")
    HANDLERS[Module].give(target, name, value)
    if at is not None and (kind is Module or kind is Param):
        interp.trace.assigned(target, name, at)
    target.attrs[name] = value


_OF_PARTS = frozenset({"__dict__", "_modules", "_parameters", "_buffers"})
"""Where a module keeps its parts: whoever sets one may give it those of another."""


def set_plain_attr(interp: Interpreter, instance: Instance, name: str, value: Value) -> None:
    """``instance.name = value`` past an overriding ``__setattr__``: what ``super().__setattr__`` does."""
    for root in instance.cls.roots:
        name = root.rename(interp, instance.cls, name) if root.rename is not None else name
    setter = lookup(instance.cls, f"{name}.setter")
    if setter is not None:
        interp.call(bind(interp, instance, *setter, f"{name}.setter"), [value], {})
    elif name == "__dict__" and type(value) is dict:
        instance.settle()
        instance.attrs, instance.shown = value, True
        instance.given_module = instance.given_module or holds_module(value)
    else:
        instance.put(name, value)


def _patch(interp: Interpreter, cls: Class, name: str, value: Value) -> None:
    """``Model.name = value``: for good at module level; in a running model it is not followed."""
    if not interp.loading:
        if isinstance(value, str) and interp.guarded(lambda: get_attr(interp, cls, name)) == value:
            return  # it says so already
        interp.class_values[cls, name] = value
        interp.rebound = True
        if name not in cls.own():
            interp.doubt(f"{cls.leaf}.{name} is set from outside")
        return
    cls.own()[name] = Attribute("given", value)
    _forget_class(interp, cls)


def _forget_class(interp: Interpreter, cls: Class) -> None:
    """Keep nothing that was derived from the attributes of a class."""
    interp.twins.clear()
    cls.kept.clear()
    cls.given.clear()


def delete_attr(interp: Interpreter, target: Value, name: str) -> None:
    """``del target.name``; of a class for good at module level."""
    if isinstance(target, Class) and name in target.own():
        if not interp.loading:
            interp.doubt(f"{target.leaf}.{name} is deleted")
            return
        del target.own()[name]
        _forget_class(interp, target)
    if isinstance(target, (Module, Instance)):
        if name not in target.attrs:
            raise RaisedError("AttributeError", name)
        if isinstance(target, Instance):
            target.settle()
        del target.attrs[name]
