"""Values of built-in types: their truth, their items and their methods."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from tie_lint.interpreter.aliases import chosen_from
from tie_lint.interpreter.base_values import (
    External,
    Native,
    RaisedError,
    Spread,
    Unknown,
    UnknownItemsError,
    Value,
)
from tie_lint.interpreter.budget import granted, tick, whole
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.ordering import ordered
from tie_lint.interpreter.plain import UncomputedError, computed, method_granted
from tie_lint.interpreter.register import HANDLERS, METHODS_OF_PLAIN
from tie_lint.interpreter.special_methods import has_truth_of_its_own
from tie_lint.interpreter.unknown_items import (
    doubt_key,
    has_further_keys,
    has_known_length,
    has_unknown_key,
    holds_unknown,
    is_certain,
    is_certainly_filled,
)
from tie_lint.interpreter.unread_names import may_be_plain
from tie_lint.interpreter.values import Instance, Module, may_give_module

MOST_ITEMS = 100_000
"""Longest range that is spelt out."""


def truth_of(value: Value) -> bool | None:
    """Return the truth of a value; None where it is unknown."""
    if isinstance(value, Unknown):
        return None
    if isinstance(value, Instance):
        if has_truth_of_its_own(value.cls):
            return None
        return bool(value.data) if value.data is not None else True
    handler = HANDLERS.get(type(value))
    if handler is not None:
        return handler.truth(value)
    if type(value) is External:
        return None if may_be_plain(value) else True
    if type(value) is dict and has_further_keys(value):
        return True if is_certainly_filled(value) else None
    return bool(value)


def one_by_one(interp: Interpreter, value: Value) -> Iterable[Value] | None:
    """Return an iterable whose items are asked for one at a time, as a loop does; None where they are
    unknown. What it hands out may end in ``UnknownItemsError``.
    """
    return value if isinstance(value, Iterator) else iterate(interp, value)


def iterate(interp: Interpreter, value: Value) -> list[Value] | None:
    """Return the items of an iterable; None where they are unknown."""
    if isinstance(value, (list, tuple, dict, str)):
        if isinstance(value, dict) and not has_known_length(value):
            return None
        return list(value) if len(value) <= MOST_ITEMS and granted(len(value)) else None
    if isinstance(value, (Instance, Module)):
        items = _items_by_method(interp, value)
        if items is not None:
            return listed(items)
    if isinstance(value, Instance):
        return None if value.data is None else iterate(interp, value.data)
    if type(value) in HANDLERS:
        return HANDLERS[type(value)].items(value)
    if isinstance(value, range):
        known = value[: MOST_ITEMS + 1]
        return list(known) if len(known) <= MOST_ITEMS and granted(len(known)) else None
    if isinstance(value, (set, frozenset)):
        return in_order(value)
    if isinstance(value, Iterable) and not isinstance(value, itertools.cycle):
        return listed(value)
    if value is None or isinstance(value, (int, float)):
        raise RaisedError("TypeError", f"{value!r} is not iterable")
    return None


def listed(items: Iterable[Value]) -> list[Value] | None:
    """Return all that an iterable hands out; None where that is too much, or not known."""
    try:
        found = list(itertools.islice(items, MOST_ITEMS + 1))
    except UnknownItemsError:
        return None
    return found if len(found) <= MOST_ITEMS and granted(len(found)) else None


def _items_by_method(interp: Interpreter, value: Instance | Module) -> Iterable[Value] | None:
    """The items of an object whose class says itself what they are; None where it does not."""
    cls = value.cls
    if not isinstance(cls, Class) or cls.find("__iter__") is None:
        return None
    made = interp.call_method(value, "__iter__")
    if isinstance(made, Instance) and made.cls.find("__next__") is not None:
        return asked_for_next(interp, made)
    return None if made is value else one_by_one(interp, made)


def asked_for_next(interp: Interpreter, iterator: Instance) -> Iterator[Value]:
    """Yield what the ``__next__`` of an object gives."""
    while True:
        tick()
        try:
            item = interp.call_method(iterator, "__next__")
        except RaisedError as error:
            if error.kind == "StopIteration":
                return
            raise
        yield item


def in_order(items: set[Value] | frozenset[Value]) -> list[Value] | None:
    """Return the items of a set in an order that does not depend on the hash seed; None where they
    have none.
    """
    if len(items) > MOST_ITEMS or not granted(len(items)) or not all(map(_is_orderable, items)):
        return None
    return sorted(items, key=lambda item: (type(item).__name__, getattr(item, "name", None) or repr(item)))


def _is_orderable(item: Value) -> bool:
    if isinstance(item, tuple):
        return whole(item) and all(map(_is_orderable, item))
    return item is None or isinstance(item, (str, int, float, External, Class))


_ALLOWED_METHODS: dict[type, frozenset[str]] = {
    str: frozenset(
        {"capitalize", "casefold", "count", "endswith", "find", "format", "index", "isalnum"}
        | {"isalpha", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric", "isspace"}
        | {"istitle", "isupper", "join", "lower", "lstrip", "partition", "removeprefix"}
        | {"removesuffix", "replace", "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split"}
        | {"splitlines", "startswith", "strip", "swapcase", "title", "upper", "zfill"}
    ),
    list: frozenset(
        {"append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove"}
        | {"reverse", "sort"}
    ),
    tuple: frozenset({"count", "index"}),
    dict: frozenset(
        {"clear", "copy", "get", "items", "keys", "pop", "popitem", "setdefault", "update"}
        | {"values", "__getitem__", "__setitem__", "__contains__", "__len__"}
    ),
    set: frozenset(
        {"add", "clear", "copy", "difference", "discard", "intersection", "isdisjoint"}
        | {"issubset", "issuperset", "pop", "remove", "union", "update"}
    ),
    frozenset: frozenset(
        {"copy", "difference", "intersection", "isdisjoint", "issubset", "issuperset", "union"}
    ),
    int: frozenset({"bit_length"}),
    float: frozenset({"is_integer"}),
}


def builtin_attribute(interp: Interpreter, value: Value, name: str) -> Value:
    """Return an attribute of a value of a built-in type: one of its harmless methods, or AttributeError."""
    allowed = _ALLOWED_METHODS.get(type(value))
    if allowed is not None and name in allowed:
        return getattr(value, name)
    own = METHODS_OF_PLAIN.get((type(value), name))
    if own is not None:
        return Native(name, partial(own, value))
    for kind, names in _ALLOWED_METHODS.items():
        if isinstance(value, kind):
            if name in names:
                return getattr(value, name)
            if hasattr(value, name):
                return Unknown(f"{kind.__name__}.{name}")
            raise RaisedError("AttributeError", f"{kind.__name__!r} object has no attribute {name!r}")
    if value is None and not hasattr(value, name):
        raise RaisedError("AttributeError", f"'NoneType' object has no attribute {name!r}")
    if isinstance(value, Iterator) and not name.startswith("__") and name not in _OF_GENERATORS:
        raise RaisedError("AttributeError", f"an iterator has no attribute {name!r}")
    if _harmless(value, name):
        return getattr(value, name, None)
    return Unknown(f"{type(value).__name__}.{name}", module=isinstance(value, Iterator))


def _harmless(value: Value, name: str) -> bool:
    return name in _PLAIN_ATTRIBUTES.get(type(value).__name__, ())


_OF_GENERATORS = frozenset(
    {"close", "send", "throw", "gi_code", "gi_frame", "gi_running", "gi_suspended", "gi_yieldfrom"}
)
_PLAIN_ATTRIBUTES = {
    "range": ("start", "stop", "step"),
    "slice": ("start", "stop", "step"),
    "Version": ("major", "minor", "micro", "release", "base_version"),
}
"""Attributes that are numbers, strings or tuples of them, by the name of the type."""


def python_method(
    interp: Interpreter, method: Callable[..., Any], args: list[Value], kwargs: dict[str, Value]
) -> Value:
    """Call a method of a built-in value that :func:`builtin_attribute` handed out."""
    owner = getattr(method, "__self__", None)
    return chosen_from(_called(interp, method, owner, args, kwargs), [owner, *args])


def _called(
    interp: Interpreter, method: Callable[..., Any], owner: Value, args: list[Value], kwargs: dict[str, Value]
) -> Value:
    name = getattr(method, "__name__", "")
    if any(isinstance(key, Spread) for key in kwargs):
        return lost(interp, owner, f"{name} with unknown arguments")
    args = [value.data if isinstance(value, Instance) and value.data is not None else value for value in args]
    if isinstance(owner, str) and any(isinstance(arg, Unknown) for arg in [*args, *kwargs.values()]):
        lead = owner.partition("{")[0] if name == "format" else ""
        return Unknown(f"str.{name} of an unknown", ends=(lead, ""))
    if isinstance(owner, dict) and _is_lost_in_dict(name, owner, args):
        if name in ("pop", "__getitem__") and len(args) == 1:
            doubt_key(interp)
        found = Unknown(f"{name} of a dict with unknown keys", module=may_give_module([owner, args[1:]]))
        if name in ("pop", "setdefault") and args:
            _change_unknown_key(interp, owner, name, args, found)
        return found
    if name in _ASKING and (holds_unknown(owner) or holds_unknown(args)):
        return Unknown(f"{name} of unknown items", module=may_give_module(owner))
    if name in ("remove", "discard") and (holds_unknown(owner) or holds_unknown(args)):
        return lost(interp, owner, "an unknown item is removed")
    if name == "sort" and isinstance(owner, list) and not args and kwargs.keys() <= {"key", "reverse"}:
        return _sort(interp, owner, **kwargs)
    if name == "format" and not _printable(args, kwargs):
        return Unknown(name)
    if name == "pop" and isinstance(owner, set):
        return _pop_of_set(interp, owner)
    if name in _TAKES_ITEMS and args:
        items = iterate(interp, args[0]) if not isinstance(args[0], dict) else args[0]
        if items is None:
            return lost(interp, owner, f"{name} with unknown items")
        args = [items, *args[1:]]
    if not method_granted(owner, name, [*args, *kwargs.values()]):
        return lost(interp, owner, f"{name} of something too large")
    try:
        return computed(method, *args, **kwargs)
    except UncomputedError as error:
        return lost(interp, owner, f"{name}: {error}")


def _sort(interp: Interpreter, owner: list[Value], key: Value = None, reverse: Value = False) -> Value:
    """``list.sort``."""
    downwards = truth_of(reverse)
    found = None if downwards is None else ordered(interp, owner, key, downwards)
    if found is None:
        return lost(interp, owner, "a sort in an unknown order")
    owner[:] = found
    return None


def _is_lost_in_dict(name: str, owner: dict[Value, Value], args: list[Value]) -> bool:
    """Whether it is not known what a method of a dict gives: not all keys are, or not the one in question."""
    if name in _OF_ALL_KEYS:
        return not has_known_length(owner)
    if name not in _OF_KEYS:
        return False
    if args and holds_unknown(args[0]):
        return True
    return has_unknown_key(owner) and not (args and is_certain(owner, args[0]))


def _change_unknown_key(
    interp: Interpreter, owner: dict[Value, Value], name: str, args: list[Value], found: Unknown
) -> None:
    """``pop`` or ``setdefault`` where it is not known whether the key is there, or which one it is."""
    key = args[0]
    if name == "setdefault":
        owner[Unknown(found.why, may_be_absent=True) if holds_unknown(key) else key] = found
    elif holds_unknown(key):
        interp.doubt("an item is taken out of a dict, nobody knows which")
    else:
        owner.pop(key, None)


_OF_KEYS = frozenset({"get", "pop", "setdefault", "__getitem__", "__contains__", "__len__"})
_OF_ALL_KEYS = frozenset({"items", "keys", "values", "popitem"})
_ASKING = frozenset({"count", "index", "difference", "intersection", "isdisjoint", "issubset", "issuperset"})


def _pop_of_set(interp: Interpreter, owner: set[Value]) -> Value:
    items = in_order(owner)
    if items is None:
        return lost(interp, owner, "an item of a set")
    if not items:
        raise RaisedError("KeyError", "pop from an empty set")
    owner.discard(items[0])
    return items[0]


_TAKES_ITEMS = frozenset(
    {
        "extend",
        "update",
        "union",
        "difference",
        "intersection",
        "isdisjoint",
        "issubset",
        "issuperset",
        "join",
    }
)


def lost(interp: Interpreter, owner: Value, why: str) -> Unknown:
    """Return the result of an operation that was not run; its owner may have been changed."""
    if isinstance(owner, (list, dict, set)):
        interp.doubt(why)
    return Unknown(why, module=True)


def _printable(args: list[Value], kwargs: dict[str, Value]) -> bool:
    return all(isinstance(value, (str, int, float)) for value in [*args, *kwargs.values()])
