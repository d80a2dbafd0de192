"""What an unknown may be that the run knows by another name, and what is done to it under that of an unknown.

An unknown that is one of several known values, or was chosen out of them, may be each of them: to change it
is to change nobody knows which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tie_lint.interpreter.base_values import (
    ANYTHING_KNOWN,
    CONTAINER,
    CONTAINERS,
    OBJECT,
    PART,
    Native,
    Unknown,
    Value,
)
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.spot import because
from tie_lint.interpreter.values import Bound, Function, Instance, Lambda, Module, Param
from tie_lint.python.effects import CHANGING
from tie_lint.python.nodes import Call, Walrus
from tie_lint.python.walk import walk

MOST_ITEMS = 10_000
"""So many items are looked at; beyond, there may be anything."""


def aliases_of(values: Iterable[Value]) -> int:
    """Return what one of some values, or of what they hold, may be that code can change or call."""
    found, todo, seen = 0, [*values], set[int]()
    while todo and found != ANYTHING_KNOWN:
        value = todo.pop()
        if isinstance(value, Unknown):
            found |= value.aliases
        elif isinstance(value, CONTAINERS):
            found |= 0 if isinstance(value, (tuple, frozenset)) else CONTAINER
            if len(value) + len(todo) + len(seen) > MOST_ITEMS:
                return ANYTHING_KNOWN
            if id(value) not in seen:
                seen.add(id(value))
                todo += value.values() if isinstance(value, dict) else value
        elif isinstance(value, Native):
            todo += value.holds
        elif isinstance(value, Instance):
            found |= 0 if value.cls.is_config else ANYTHING_KNOWN
        elif isinstance(value, (Module, Param)):
            found |= PART
        elif isinstance(value, Iterator):
            found = ANYTHING_KNOWN  # which is not run to find out
        elif _has_effects(value):
            found |= OBJECT
    return found


def _has_effects(value: Value) -> bool:
    """Whether to call a function may change what it was not handed."""
    if isinstance(getattr(value, "__self__", None), (list, dict, set)):
        return value.__name__ in CHANGING
    if isinstance(value, Lambda):
        return any(isinstance(node, (Call, Walrus)) for node in walk(value.body))
    return isinstance(value, Bound) or (isinstance(value, Function) and value.closure is not None)


def chosen_from(result: Value, values: list[Value]) -> Value:
    """Return the result of a built-in function, which may be one of some values, or in one, if unknown."""
    if type(result) is Unknown and not result.aliases and all(result is not value for value in values):
        result.aliases = aliases_of(values)
    return result


def doubt_called(interp: Interpreter, called: Unknown) -> None:
    """Note that an unknown is called which may be code of the model."""
    if called.aliases & OBJECT:
        interp.doubt(because("{} is called, which may be code of the model", called.why))


def doubt_method(interp: Interpreter, target: Unknown, name: str) -> None:
    """Note that a method of an unknown is asked for which changes a known container."""
    if target.aliases & CONTAINER and name in CHANGING:
        _doubt_changed(interp, target)


def doubt_item(interp: Interpreter, target: Value) -> None:
    """Note that an unknown is changed in place, or an item of it, which may be a known container."""
    if isinstance(target, Unknown) and target.aliases & CONTAINER:
        _doubt_changed(interp, target)


def doubt_attribute(interp: Interpreter, target: Value) -> None:
    """Note that an attribute of an unknown is set or deleted, which may be a known object."""
    if isinstance(target, Unknown) and target.aliases & OBJECT:
        _doubt_changed(interp, target)


def _doubt_changed(interp: Interpreter, target: Unknown) -> None:
    interp.doubt(because("{} is changed, which may be something known", target.why))
