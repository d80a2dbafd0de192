"""Attributes that nobody knows all of: those with unknown names, and those that a config may be given."""

from __future__ import annotations

from collections.abc import MutableMapping
from types import NoneType

from tie_lint.cause import Cause
from tie_lint.interpreter.base_values import External, Unknown, Value
from tie_lint.interpreter.classes import Attribute, Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.spot import because
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.unknown_items import has_unknown_key
from tie_lint.interpreter.values import (
    Instance,
    Module,
    PlainNamespace,
    Unnamed,
    may_give_module,
    unnamed_as,
)


def put_unnamed(interp: Interpreter, target: Value, name: Value, value: Value) -> None:
    """``setattr(target, name, value)`` under a name that nobody knows: any attribute may be changed that may
    be called so. A module is taken to keep its parts, and what it has where it is given one."""
    unknown = name if isinstance(name, Unknown) else Unknown("a name of unknown content")
    why = because("an attribute called {}", unknown.why)
    if isinstance(target, Module):
        target.unnamed.append(Unnamed(unknown, value, why))
        if not may_give_module(value):
            _havoc_plain(target, why)
    elif isinstance(target, Instance):
        target.unnamed.append(Unnamed(unknown, value, why))
        target.given_module = target.given_module or may_give_module(value)
        for key in [key for key in target.attrs if target.unnamed[-1].may_be(key)]:
            target.put(key, _changed(interp, target, key, why))
    elif isinstance(target, PlainNamespace):
        target.attrs[unknown] = value
    elif isinstance(target, Class) or may_give_module(value):
        interp.doubt(why)


def _havoc_plain(module: Module, why: Cause) -> None:
    """Numbers, flags and words of a module may have been changed: nobody knows which."""
    for name, value in module.attrs.items():
        if type(value) in _PLAIN and module.unnamed[-1].may_be(name):
            module.attrs[name] = Unknown(why)


_PLAIN = frozenset({bool, int, float, str, NoneType})


def _changed(interp: Interpreter, instance: Instance, name: str, why: Cause) -> Value:
    """What an attribute is that may have been changed: of a config, as if it were given to it."""
    before = instance.attrs[name]
    if instance.cls.is_config and name not in interp.watched and not may_give_module(before):
        return Symbol(f"{instance.cls.leaf}.{name}")
    return Unknown(why, module=instance.given_module or may_give_module(before))


def take_unnamed(interp: Interpreter, target: Instance | Module, attrs: MutableMapping[str, Value]) -> None:
    """Have an object take what code has put into its ``__dict__`` under names that nobody knows."""
    if has_unknown_key(attrs):
        for name in [name for name in attrs if isinstance(name, Unknown)]:
            put_unnamed(interp, target, name, attrs.pop(name))


def hiding(this: Module | Instance, name: str) -> Unknown | None:
    """Return what may hide a value of the class: what the object has under a name that nobody knows.

    None where nothing may, and for configs, which are taken to keep what their class says.
    """
    found = None if isinstance(this.cls, External) or this.cls.is_config else lookup(this.cls, name)
    is_value = found is not None and isinstance(found[1], Attribute) and found[1].kind == "value"
    return unnamed_as(this.unnamed, name) if is_value else None


def given_attribute(interp: Interpreter, instance: Instance, name: str) -> Symbol | None:
    """Return what an attribute is that nothing sets and code reads all the same: it takes it to be given.

    Any config may be given any attribute. None where the object is no such, or the absence is certain.
    """
    if name.startswith("__") or name in interp.watched or not instance.cls.is_config:
        return None
    for root in instance.cls.roots:
        name = root.rename(interp, instance.cls, name) if root.rename is not None else name
    return None if name in interp.watched else Symbol(f"{instance.cls.leaf}.{name}")
