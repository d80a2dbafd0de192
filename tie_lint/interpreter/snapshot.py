"""Copies of values that a run may change, and whether it did.

A copy keeps the shape of the original: what was one object under two names is one object in the copy. What
nothing changes (numbers, classes, functions …) stands for itself.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

from tie_lint.interpreter.base_values import External, Inert, Native, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.enumerations import MEMBERS
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.values import Bound, Function, Instance, Lambda, PlainNamespace

_PLAIN = {bool, int, float, str, bytes, type(None), range, re.Pattern}
LASTING = frozenset({*_PLAIN, *MEMBERS, Unknown, Symbol, External, Class, Function, Lambda, Native})
"""The types of values that no run changes."""


class UncopyableError(Exception):
    """A value that holds a module, a tensor or something else that must stay the one it is."""


def copy_of(value: Value, memo: dict[int, Value]) -> Value:
    """Return a copy. ``memo`` belongs to the values that are copied together. Raises
    :class:`UncopyableError`.
    """
    if type(value) in LASTING:
        return value
    known = memo.get(id(value))
    return _copied(value, memo) if known is None else known


def _copied(value: Value, memo: dict[int, Value]) -> Value:
    copy: Any
    kind = type(value)
    if kind is tuple or kind is frozenset:
        copy = kind(copy_of(item, memo) for item in value)
        if kind is tuple and all(map(operator.is_, value, copy)):
            copy = value  # with nothing in it that changes
        return memo.setdefault(id(value), copy)
    if isinstance(value, Inert):
        return value
    if kind is Bound:
        return Bound(copy_of(value.function, memo), copy_of(value.this, memo))
    if kind is list:
        copy = memo[id(value)] = []
        copy.extend(copy_of(item, memo) for item in value)
    elif kind is dict:
        copy = memo[id(value)] = {}
        for key, item in value.items():
            copy[copy_of(key, memo)] = copy_of(item, memo)
    elif kind is set:
        copy = memo[id(value)] = {copy_of(item, memo) for item in value}
    elif kind is Instance:
        copy = memo[id(value)] = Instance(value.cls)
        copy.shown = value.shown
        copy.attrs.update(copy_of(value.attrs, memo))
        copy.data = copy.attrs if value.data is value.attrs else copy_of(value.data, memo)
        copy.given_module, copy.unnamed = value.given_module, [*value.unnamed]
    elif kind is PlainNamespace:
        copy = memo[id(value)] = PlainNamespace({})
        copy.attrs.update(copy_of(value.attrs, memo))
    else:
        raise UncopyableError(kind.__name__)
    return copy


def unchanged(one: Value, two: Value) -> bool:
    """Return whether a value still is what its copy was made of."""
    return _unchanged(one, two, set())


def _unchanged(one: Value, two: Value, seen: set[tuple[int, int]]) -> bool:
    """``seen`` are those compared already: what is held in many places is looked at once."""
    kind = type(one)
    if one is two or kind is not type(two):
        return one is two
    parts = _PARTS.get(kind)
    if parts is None:
        return bool(one == two)
    pair = id(one), id(two)
    if pair in seen:
        return True
    seen.add(pair)
    ours, theirs = parts(one), parts(two)
    return len(ours) == len(theirs) and all(
        mine is other or _unchanged(mine, other, seen) for mine, other in zip(ours, theirs, strict=True)
    )


_PARTS: dict[type, Callable[[Any], Sequence[Value]]] = {
    list: lambda value: value,
    tuple: lambda value: value,
    dict: lambda value: [*value, *value.values()],
    Bound: lambda value: (value.function, value.this),
    PlainNamespace: lambda value: (value.attrs,),
    Instance: lambda value: (value.cls, [*value.unnamed], value.attrs, value.data),
}
"""What values consist of that are compared part by part."""
