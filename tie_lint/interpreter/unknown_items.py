"""Containers that hold something which nobody knows, and what is certain of them all the same.

Any key may be one that is unknown. Where such a key may be absent, it stands for any number of further items:
what ``**`` takes of a mapping that is not known.
"""

from __future__ import annotations

from collections.abc import Collection, Set
from itertools import chain

from tie_lint.interpreter.base_values import CONTAINERS, External, Unknown, Value
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.unread_names import may_be_plain

_UNKNOWN = frozenset({Unknown, Symbol})
"""Types, of which Python asks quickly: every item that is looked up is asked for so."""


def has_unknown_key(target: Value) -> bool:
    """Return whether a dict holds something under a key that nobody knows, so that it may have any key."""
    return type(target) is dict and not _UNKNOWN.isdisjoint(map(type, target))


def may_be_absent(value: Value) -> bool:
    """Return whether what stands for a key or under one may not be in its dict at all."""
    return isinstance(value, Unknown) and value.may_be_absent


def has_further_keys(target: Value) -> bool:
    """Return whether a dict may have keys that it may as well not have."""
    if type(target) is not dict:
        return False
    return _has_absent(target) or _has_absent(target.values())


def is_certainly_filled(target: dict[Value, Value]) -> bool:
    """Return whether a dict has a key that it certainly has, known or not."""
    return any(not may_be_absent(key) and not may_be_absent(value) for key, value in target.items())


def _has_absent(values: Collection[Value]) -> bool:
    return not _UNKNOWN.isdisjoint(map(type, values)) and any(map(may_be_absent, values))


def is_certain(target: dict[Value, Value], key: Value) -> bool:
    """Return whether a dict has a key that was put there after all that nobody knows."""
    for known in reversed(target):
        if isinstance(known, Unknown) or known == key:
            return not isinstance(known, Unknown)
    return False


def doubt_key(interp: Interpreter, target: Value = None) -> None:
    """Note that an item is asked for which a dict or list may not have, where code is ready for that."""
    if ("IndexError" if isinstance(target, (list, tuple)) else "KeyError") in interp.provided_for:
        interp.doubt("whether there is an item")


def has_known_length(value: Collection[Value]) -> bool:
    """Return whether it is known how many items a container has: of a dict or a set some may be equal."""
    if has_further_keys(value):
        return False
    if not isinstance(value, (dict, set, frozenset)) or _UNKNOWN.isdisjoint(map(type, value)):
        return True
    return len(value) == 1 and not has_further_keys(value)


def has_unknown_member(value: Collection[Value]) -> bool:
    """Return whether a member of a set or a key of a dict is unknown, or holds something that is."""
    return not _MAY_HOLD.isdisjoint(map(type, value)) and any(map(holds_unknown, value))


_MAY_HOLD = frozenset({Unknown, Symbol, External, tuple, frozenset})


def holds_unknown(value: Value) -> bool:
    """Return whether a value is unknown, or holds something that is, at any depth."""
    if not isinstance(value, CONTAINERS):
        return isinstance(value, Unknown) or may_be_plain(value)
    seen, todo = {id(value)}, [value]
    while todo:
        container = todo.pop()
        for item in chain(container, container.values()) if isinstance(container, dict) else container:
            if isinstance(item, Unknown) or may_be_plain(item):
                return True
            if isinstance(item, CONTAINERS) and id(item) not in seen:
                seen.add(id(item))
                todo.append(item)
    return False


def are_open_sets(left: Value, right: Value) -> bool:
    """Return whether two values are sets, or views of dicts, of which not all members are known."""
    sets = isinstance(left, Set) and isinstance(right, Set)
    return sets and any(holds_unknown(item) for item in chain(left, right))
