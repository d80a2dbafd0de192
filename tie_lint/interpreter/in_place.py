"""Augmented assignments that change an object rather than make another one: lists, sets, dicts, modules."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.budget import granted
from tie_lint.interpreter.builtin_types import iterate, lost
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.unknown_items import are_open_sets
from tie_lint.interpreter.values import Module


def changed_in_place(interp: Interpreter, sign: str, current: Value, change: Value) -> Value:
    """Return what ``current += change`` (or another operator) leaves of an object that it changes, which may
    have other names; ``NotImplemented`` for any other object."""
    if isinstance(current, Module) and sign == "+":
        interp.call_method(current, "extend", change)
        return current
    if isinstance(current, list) and sign in ("+", "*"):
        return _list_changed(interp, sign, current, change)
    compute = _IN_PLACE.get((type(current), sign))
    if compute is None:
        return NotImplemented
    if type(change) is type(current) and granted(len(change)) and not are_open_sets(current, change):
        return compute(current, change)
    return lost(interp, current, f"a {type(current).__name__} is changed by something unknown")


def _list_changed(interp: Interpreter, sign: str, current: list[Value], change: Value) -> Value:
    if sign == "+":
        items = iterate(interp, change)
        if items is None:
            return lost(interp, current, "a list takes unknown items")
        current.extend(items)
    elif isinstance(change, int) and granted(len(current) * change):
        current *= change
    else:
        return lost(interp, current, "a list is repeated, nobody knows how often")
    return current


_IN_PLACE: dict[tuple[type, str], Callable[[Any, Any], Any]] = {
    (dict, "|"): operator.ior,
    (set, "|"): operator.ior,
    (set, "&"): operator.iand,
    (set, "-"): operator.isub,
    (set, "^"): operator.ixor,
}
