"""Comparisons of symbolic values: what is equal, what is the same, what is in what, what is less."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from types import NoneType
from typing import Any

from tie_lint.interpreter.attributes import find_method
from tie_lint.interpreter.base_values import CONTAINERS, External, Unknown, Value, cause_of
from tie_lint.interpreter.budget import granted, whole
from tie_lint.interpreter.builtin_types import iterate, truth_of
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.initialization import compared_fields
from tie_lint.interpreter.plain import UncomputedError, computed
from tie_lint.interpreter.special_methods import operated
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.unknown_items import (
    are_open_sets,
    has_further_keys,
    has_unknown_member,
    holds_unknown,
    may_be_absent,
)
from tie_lint.interpreter.unread_names import hangs_on_machine, may_be_plain
from tie_lint.interpreter.values import Instance, Param, Tensor


def compare(interp: Interpreter, sign: str, left: Value, right: Value) -> Value:
    """Return one comparison: True, False or unknown."""
    if isinstance(left, Symbol) and left == right and sign in _OF_EQUALS:
        return _OF_EQUALS[sign]
    if isinstance(left, Instance) or isinstance(right, Instance):
        own = operated(interp, sign, left, right)
        if own is not NotImplemented:
            return own
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return Unknown(cause_of(left if isinstance(left, Unknown) else right))
    if sign in ("is", "is not"):
        is_same = _same(left, right)
        return is_same if isinstance(is_same, Unknown) else is_same == (sign == "is")
    if sign in ("in", "not in"):
        found = contains(interp, right, left)
        return found if isinstance(found, Unknown) else found == (sign == "in")
    if sign in ("==", "!="):
        equal = equal_values(interp, left, right)
        return equal if isinstance(equal, Unknown) else equal == (sign == "==")
    if sign not in _COMPARE or not (whole(left) and whole(right)) or are_open_sets(left, right):
        return Unknown(f"a comparison {sign}")
    try:
        return bool(computed(_COMPARE[sign], left, right))
    except UncomputedError:
        return Unknown(f"a comparison {sign}")


_OF_EQUALS = {"==": True, "!=": False, "<=": True, ">=": True, "<": False, ">": False}
"""What a comparison of two equal symbols gives."""

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


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
        if found and isinstance(container, dict) and may_be_absent(container[item]):
            return Unknown(cause_of(container[item]))
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


def _same(left: Value, right: Value) -> Value:
    """``left is right``: True, False or unknown."""
    if isinstance(left, External) or isinstance(right, External):
        return _equal_names(left, right)
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
    if isinstance(left, External) or isinstance(right, External):
        return _equal_names(left, right)
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


def _equal_names(left: Value, right: Value) -> Value:
    """Whether a name that is not read means what something else is."""
    if isinstance(left, External) and isinstance(right, External) and left.name == right.name:
        return True
    for one, other in ((left, right), (right, left)):
        if other is None and hangs_on_machine(one):
            return Unknown(cause_of(one))
        if may_be_plain(one) and (may_be_plain(other) or isinstance(other, _PLAIN)):
            return Unknown(cause_of(one))
    return False


_PLAIN = (bool, int, float, str, *CONTAINERS)


def _all_equal(interp: Interpreter, pairs: Iterable[tuple[Value, Value]]) -> Value:
    answers = [equal_values(interp, one, two) for one, two in pairs]
    if any(answer is False for answer in answers):
        return False
    return next((answer for answer in answers if answer is not True), True)


def _equal_dicts(interp: Interpreter, left: dict[Value, Value], right: dict[Value, Value]) -> Value:
    if any(has_unknown_member(one) or has_further_keys(one) for one in (left, right)):
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
