"""``functools``: functions that are given some of their arguments, or remember what they returned."""

from __future__ import annotations

from functools import reduce
from types import NoneType

from tie_lint.interpreter.base_values import External, Native, RaisedError, Spread, Unknown, Value
from tie_lint.interpreter.builtin_types import one_by_one
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.initialization import is_dataclass
from tie_lint.interpreter.reads import UNTOLD
from tie_lint.interpreter.register import intrinsic
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.values import Function, Instance, Unbound

DEFAULT_SIZE = 128


@intrinsic("functools.partial")
def _partial(interp: Interpreter, function: Value, *bound: Value, **named: Value) -> Value:
    def later(interp: Interpreter, *more: Value, **others: Value) -> Value:
        return interp.call(function, [*bound, *more], {**named, **others})

    return Native("partial", later, holds=(function, *bound, *named.values()))


@intrinsic("functools.partialmethod")
def _partial_method(interp: Interpreter, function: Value, *bound: Value, **named: Value) -> Value:
    def later(interp: Interpreter, this: Value, *more: Value, **others: Value) -> Value:
        return interp.call(function, [this, *bound, *more], {**named, **others})

    return Unbound(Native("partialmethod", later))


@intrinsic("functools.wraps")
def _wraps(interp: Interpreter, wrapped: Value, *names: Value, **more: Value) -> Value:
    return Native("wraps", lambda interp, wrapper: wrapper)


@intrinsic("functools.update_wrapper")
def _update_wrapper(interp: Interpreter, wrapper: Value, *wrapped: Value, **more: Value) -> Value:
    return wrapper


@intrinsic("functools.reduce")
def _reduce(interp: Interpreter, function: Value, iterable: Value, *initial: Value) -> Value:
    items = one_by_one(interp, iterable)
    if items is None:
        return Unknown("what unknown items are reduced to", module=True)
    found = [*initial, *items]
    if not found:
        raise RaisedError("TypeError", "reduce() of empty iterable with no initial value")
    return reduce(lambda one, two: interp.call(function, [one, two], {}), found)


# -- what is remembered -------------------------------------------------------------------------------


@intrinsic("functools.lru_cache")
def _lru_cache(interp: Interpreter, maxsize: Value = DEFAULT_SIZE, typed: Value = False) -> Value:
    if isinstance(maxsize, (int, NoneType)) and not isinstance(maxsize, bool):
        return Native("lru_cache", lambda interp, function: _remembering(function, maxsize))
    return _remembering(maxsize, DEFAULT_SIZE)


@intrinsic("functools.cache")
def _cache(interp: Interpreter, function: Value) -> Value:
    return _remembering(function, None)


def _remembering(function: Value, size: int | None) -> Native:
    """A function that returns what it returned for equal arguments, the last so many."""

    def call(interp: Interpreter, *args: Value, **kwargs: Value) -> Value:
        interp.remembered += 1
        if interp.reads is not None:
            interp.reads.append(UNTOLD)
        memory = interp.memory.setdefault(_identity(function), {})
        try:
            key = _key((args, tuple(kwargs.items())))
        except _UnknownError as error:
            return Unknown(error.args[0], module=True)
        # What has an identity is kept beside the answer, so that nothing else gets its id.
        _, _, value = memory.pop(key, None) or (function, args, interp.call(function, [*args], kwargs))
        memory[key] = function, args, value
        if size is not None and len(memory) > size:
            del memory[next(iter(memory))]
        return value

    return Native("a function with a memory", call, remembers=True)


def _identity(function: Value) -> object:
    """What is the same each time that a method is looked up."""
    return (id(function.facts), id(function.closure)) if isinstance(function, Function) else id(function)


class _UnknownError(Exception):
    """Whether two arguments are equal is not known."""


def _key(value: Value) -> object:
    """What is equal for equal arguments."""
    if isinstance(value, (bool, int, float, str, NoneType, Symbol)) and not isinstance(value, Spread):
        return value
    if isinstance(value, tuple):
        return tuple(map(_key, value))
    if isinstance(value, External):
        return External, value.name
    if isinstance(value, (list, dict, set)):
        raise RaisedError("TypeError", f"unhashable type: {type(value).__name__!r}")
    if isinstance(value, (Unknown, Spread)) or (isinstance(value, Instance) and _compares(value.cls)):
        raise _UnknownError("whether a function was called with equal arguments before")
    return id(value)


def _compares(cls: Class) -> bool:
    return is_dataclass(cls) or cls.find("__eq__") is not None or cls.find("__hash__") is not None
