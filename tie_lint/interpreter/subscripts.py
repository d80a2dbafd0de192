"""Items of containers: read, set, deleted; membership; and when two values are one or equal."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from types import NoneType

from tie_lint.interpreter.attributes import find_method
from tie_lint.interpreter.base_values import External, RaisedError, Unknown, Value
from tie_lint.interpreter.budget import granted, whole
from tie_lint.interpreter.builtin_types import iterate, truth_of
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.enumerations import is_enumeration
from tie_lint.interpreter.initialization import compared_fields
from tie_lint.interpreter.origins import one_of
from tie_lint.interpreter.plain import UncomputedError, computed
from tie_lint.interpreter.register import HANDLERS
from tie_lint.interpreter.special_methods import operated
from tie_lint.interpreter.spot import because
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.unknown_items import (
    are_open_sets,
    doubt_key,
    has_unknown_key,
    has_unknown_member,
    holds_unknown,
    is_certain,
)
from tie_lint.interpreter.unnamed_attributes import put_unnamed
from tie_lint.interpreter.values import Instance, Module, Param, Tensor, may_give_module


def get_item(interp: Interpreter, target: Value, index: Value) -> Value:
    """``target[index]``."""
    if isinstance(target, Unknown) or isinstance(index, Unknown):
        if isinstance(target, Symbol):
            return HANDLERS[Symbol].item(interp, target, index)
        if isinstance(target, Unknown):
            return Unknown(because("an item of {}", target.why), module=target.module)
        why = because("an item under {}", index.why)
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
        missing = find_method(interp, target, "__missing__")
        target = target.data
        if missing is not None and contains(interp, target, index) is False:
            return interp.call(missing, [index], {})
    if has_unknown_key(target) and not is_certain(target, index):
        doubt_key(interp)
        return Unknown("an item of a dict with unknown keys", module=may_give_module(target))
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
    elif interp.loading and type(target) is list and isinstance(index, slice):
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
    if items is None:
        interp.doubt("unknown items are put into a list")
    else:
        target[index] = items


def delete_item(interp: Interpreter, target: Value, index: Value) -> None:
    """``del target[index]``."""
    if isinstance(target, Module) and isinstance(index, int):
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


def contains(interp: Interpreter, container: Value, item: Value) -> Value:
    """``item in container``: True, False or unknown."""
    if isinstance(container, Instance):
        method = find_method(interp, container, "__contains__")
        if method is not None:
            truth = truth_of(interp.call(method, [item], {}))
            return Unknown("an unknown membership") if truth is None else truth
        if isinstance(container.data, dict):
            return contains(interp, container.data, item)
        if container.cls.is_config:
            return item in container.attrs
    if isinstance(container, range) and isinstance(item, float) and item.is_integer():
        item = int(item)
    if isinstance(container, range) and not isinstance(item, int):
        return False  # Python would compare all of it, one by one
    if isinstance(container, (str, dict, set, frozenset, range)):
        size = len(container) if isinstance(container, str) else 1
        if not whole(item) or not granted(size):
            return Unknown("an unknown membership")
        try:
            found = item in container
        except TypeError:
            return Unknown("an unknown membership")
        if found or isinstance(container, (str, range)):
            return found
        is_open = has_unknown_member(container) or holds_unknown(item)
        return Unknown("an unknown membership") if is_open else False
    items = iterate(interp, container)
    if items is None:
        return Unknown("an unknown membership")
    answers = [equal_values(interp, candidate, item) for candidate in items]
    if True in answers:
        return True
    return next((answer for answer in answers if isinstance(answer, Unknown)), False)


def same(left: Value, right: Value) -> bool:
    """``left is right`` for known values."""
    if isinstance(left, External) and isinstance(right, External):
        return left.name == right.name
    if isinstance(left, (bool, int, str, NoneType)) or isinstance(right, (bool, int, str, NoneType)):
        return type(left) is type(right) and left == right
    return left is right


def equal_values(interp: Interpreter, left: Value, right: Value) -> Value:
    """``left == right``: True, False or unknown."""
    if type(left) in _SCALARS and type(right) in _SCALARS:
        if whole(left) and whole(right):
            return bool(left == right)
        return Unknown("a comparison of something too large")
    if isinstance(left, Symbol) and left == right:
        return True
    if isinstance(left, Unknown):
        return left
    if isinstance(right, Unknown):
        return right
    if isinstance(left, External) and isinstance(right, External):
        return left.name == right.name
    if isinstance(left, (Tensor, Param)) or isinstance(right, (Tensor, Param)):
        return Unknown("a comparison of tensors")
    if isinstance(left, Instance) or isinstance(right, Instance):
        return _equal_objects(interp, left, right)
    if not (whole(left) and whole(right)):
        return Unknown("a comparison of something too large")
    if isinstance(left, (list, tuple)) and type(left) is type(right):
        if len(left) != len(right):
            return False
        return _all_equal(interp, zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return _equal_dicts(interp, left, right)
    equal = bool(left == right)
    return Unknown("a comparison of unknown items") if not equal and are_open_sets(left, right) else equal


def _all_equal(interp: Interpreter, pairs: Iterable[tuple[Value, Value]]) -> Value:
    answers = [equal_values(interp, one, two) for one, two in pairs]
    if any(answer is False for answer in answers):
        return False
    return next((answer for answer in answers if answer is not True), True)


def _equal_dicts(interp: Interpreter, left: dict[Value, Value], right: dict[Value, Value]) -> Value:
    if has_unknown_member(left) or has_unknown_member(right):
        return Unknown("a comparison of unknown keys")
    if left.keys() != right.keys():
        return False
    return _all_equal(interp, ((value, right[key]) for key, value in left.items()))


def _equal_objects(interp: Interpreter, left: Value, right: Value) -> Value:
    own = operated(interp, "==", left, right)
    if own is not NotImplemented:
        return own
    if left is right:
        return True
    fields = [compared_fields(item.cls) if isinstance(item, Instance) else None for item in (left, right)]
    if fields[0] is None or fields[0] != fields[1] or left.cls is not right.cls:
        data = [item.data if isinstance(item, Instance) else item for item in (left, right)]
        return False if None in data else equal_values(interp, *data)
    pairs = [(left.attrs.get(name), right.attrs.get(name)) for name in fields[0]]
    return equal_values(interp, *map(list, zip(*pairs, strict=True))) if pairs else True


_SCALARS = frozenset({bool, int, float, str, NoneType})
