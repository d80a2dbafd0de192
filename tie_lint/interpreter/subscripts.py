"""Items of containers: read, set, deleted."""

from __future__ import annotations

import operator

from tie_lint.interpreter.aliases import aliases_of
from tie_lint.interpreter.attributes import find_method
from tie_lint.interpreter.base_values import External, RaisedError, Unknown, Value
from tie_lint.interpreter.budget import granted, whole
from tie_lint.interpreter.builtin_types import iterate
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.comparisons import contains
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.enumerations import is_enumeration
from tie_lint.interpreter.origins import one_of
from tie_lint.interpreter.plain import UncomputedError, computed
from tie_lint.interpreter.register import HANDLERS
from tie_lint.interpreter.spot import because, here
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.unknown_items import (
    doubt_key,
    has_unknown_key,
    holds_unknown,
    is_certain,
)
from tie_lint.interpreter.unnamed_attributes import put_unnamed
from tie_lint.interpreter.values import Instance, Module, Tensor, may_give_module


def get_item(interp: Interpreter, target: Value, index: Value) -> Value:
    """``target[index]``."""
    if isinstance(target, External) and target.name.startswith(_GENERIC):
        return target  # ``Generic[T]``, whatever ``T`` is
    if isinstance(target, Unknown) or isinstance(index, Unknown):
        if isinstance(target, Symbol):
            return HANDLERS[Symbol].item(interp, target, index)
        if isinstance(target, Unknown):
            why, aliases = because("an item of {}", target.why), target.aliases
            return Unknown(why, target.module, origin=target.origin, aliases=aliases)
        why = because("an item under {}", index.why)
        doubt_key(interp, target)
        if isinstance(target, (dict, list, tuple)) and target and not has_unknown_key(target):
            return one_of(interp, [*(target.values() if isinstance(target, dict) else target)], why)
        return Unknown(why, module=may_give_module(target))
    if target is None:
        raise RaisedError("TypeError", "'NoneType' object is not subscriptable")
    if isinstance(index, tuple) and holds_unknown(index):
        return Unknown("an item under a key with unknown parts", module=may_give_module(target))
    if isinstance(target, Class) and is_enumeration(target):
        found = target.own().get(index) if isinstance(index, str) else None
        if found is None or found.kind != "value":
            return Unknown(f"a member of {target.leaf}")
        return interp.class_value(target, index, found)
    if isinstance(target, (External, Class)):
        return target  # a generic alias: `OrderedDict[str, int]`
    if type(target) in HANDLERS:
        return HANDLERS[type(target)].item(interp, target, index)
    if isinstance(target, Instance):
        method = find_method(interp, target, "__getitem__")
        if method is not None:
            return interp.call(method, [index], {})
        missing = None if target.data is None else find_method(interp, target, "__missing__")
        target = target.data
        if missing is not None and contains(interp, target, index) is False:
            return interp.call(missing, [index], {})
    if has_unknown_key(target) and not is_certain(target, index):
        doubt_key(interp)
        why, aliases = here("an item of a dict with unknown keys"), aliases_of([target])
        return Unknown(why, module=may_give_module(target), aliases=aliases)
    if isinstance(target, (dict, list, tuple, str, range)):
        if not whole(index) or (isinstance(index, slice) and not granted(_slice_size(target, index))):
            return Unknown("an item under a key that is too large")
        try:
            return computed(operator.getitem, target, index)
        except UncomputedError as error:
            return Unknown(str(error))
        except RaisedError as raised:
            if raised.kind == "IndexError" and interp.sampled:
                return Unknown("an item past those that were looked at", module=may_give_module(target))
            raise
    return Unknown(f"an item of a {type(target).__name__}")


_GENERIC = ("typing.", "collections.abc.", "builtins.")
"""Where the names of classes begin whose subscripts say no more than what is in them."""


def _slice_size(target: Value, index: slice) -> int:
    bounds = (index.start, index.stop, index.step)
    plain = all(part is None or isinstance(part, int) for part in bounds) and isinstance(
        target, (str, list, tuple)
    )
    return len(range(*index.indices(len(target)))) if plain and index.step != 0 else 1


def set_item(interp: Interpreter, target: Value, index: Value, value: Value) -> None:
    """``target[index] = value``."""
    if isinstance(target, Module) and isinstance(index, (str, int)):
        if isinstance(index, int) and index < 0:
            index += sum(name.isdigit() for name in target.attrs)
        target.attrs[str(index)] = value
    elif isinstance(target, Module) and isinstance(index, Unknown):
        put_unnamed(interp, target, index, value)
    elif isinstance(target, Instance) and target.cls.find("__setitem__") is not None:
        interp.call_method(target, "__setitem__", index, value)
    elif isinstance(target, Instance) and isinstance(target.data, dict):
        target.data[index] = value
    elif type(target) is list and isinstance(index, slice):
        _set_slice(interp, target, index, value)
    elif isinstance(target, (dict, list)) and not isinstance(index, (Unknown, slice)) and whole(index):
        try:
            target[index] = value
        except (LookupError, TypeError, ValueError) as error:
            raise RaisedError(type(error).__name__, str(error)) from error
    elif type(target) is dict and isinstance(index, Unknown):
        target[index] = value  # from now on every key may be that one
    elif isinstance(target, (dict, list)) or (may_give_module(value) and not isinstance(target, Tensor)):
        interp.doubt("an item is put under an unknown key")


def _set_slice(interp: Interpreter, target: list[Value], index: slice, value: Value) -> None:
    items = iterate(interp, value)
    try:
        if items is None:
            raise UncomputedError("unknown items are put into a list")
        computed(target.__setitem__, index, items)
    except UncomputedError as error:
        interp.doubt(str(error))


def delete_item(interp: Interpreter, target: Value, index: Value) -> None:
    """``del target[index]``."""
    if isinstance(target, Module) and isinstance(index, str) and index in target.attrs:
        del target.attrs[index]
    elif isinstance(target, Module) and not isinstance(index, (int, slice)):
        interp.doubt("a module is deleted, nobody knows which")
    elif isinstance(target, Module):
        items = [item for name, item in target.attrs.items() if name.isdigit()]
        del items[index]
        for name in [name for name in target.attrs if name.isdigit()]:
            del target.attrs[name]
        target.attrs.update({str(i): item for i, item in enumerate(items)})
    elif isinstance(target, (dict, list)) and not isinstance(index, Unknown) and whole(index):
        if has_unknown_key(target) and index not in target:
            return  # it may be the key that nobody knows
        try:
            del target[index]
        except (LookupError, TypeError, ValueError) as error:
            raise RaisedError(type(error).__name__, str(error)) from error
    elif isinstance(target, (dict, list)):
        interp.doubt("an item is deleted, nobody knows which")
