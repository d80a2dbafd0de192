"""Copies of values that a run may change, and whether it did.

A copy keeps the shape of the original: what was one object under two names is one object in the copy. What
nothing changes (numbers, classes, functions …) stands for itself.
"""

from __future__ import annotations

import re
from typing import Any

from tie_lint.interpreter.base_values import External, Inert, Native, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.values import Bound, Function, Instance, Lambda, PlainNamespace

_PLAIN = {bool, int, float, str, bytes, type(None), range, re.Pattern}
LASTING = frozenset({*_PLAIN, Unknown, Symbol, External, Class, Function, Lambda, Native})
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
        return kind(copy_of(item, memo) for item in value)
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
    kind = type(one)
    if kind is not type(two):
        return False
    if kind is Instance:
        return (
            one.cls is two.cls
            and one.unnamed == two.unnamed
            and unchanged(one.attrs, two.attrs)
            and unchanged(one.data, two.data)
        )
    if kind is Bound:
        return unchanged(one.function, two.function) and unchanged(one.this, two.this)
    if one == two:
        return True
    if kind is PlainNamespace:
        return unchanged(one.attrs, two.attrs)
    if kind is dict:
        return [*one] == [*two] and all(unchanged(item, two[key]) for key, item in one.items())
    if kind is list or kind is tuple:
        return len(one) == len(two) and all(map(unchanged, one, two))
    return False
