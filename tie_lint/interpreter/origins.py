"""Where an unknown value comes from: what code that is not read can make of what it is given.

Such code may return anything, a module too. But it can only hand out parameters of a model that it was given,
or that are in what it handed out before. A module that it makes of numbers, names and classes is new. What it
makes of a config may be a model, whose own parts the library ties, so that its origin is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from types import NoneType

from tie_lint.cause import Cause
from tie_lint.interpreter.aliases import aliases_of
from tie_lint.interpreter.base_values import External, Inert, Made, Native, Origin, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.laziness import may_escape
from tie_lint.interpreter.roots import READ_PACKAGES, ROOTS, bases_of
from tie_lint.interpreter.values import Function, Instance, Tensor, may_give_module, parts
from tie_lint.record import replace

_PLAIN = (bool, int, float, str, bytes, NoneType, range, Class, Tensor, Inert)


def of_call(function: Value, args: list[Value], kwargs: dict[str, Value]) -> Origin | None:
    """Return the origin of what a call of unread code gives; None where that may be a part of the model."""
    makes_modules = isinstance(function, Unknown) and function.origin and function.origin.makes_modules
    if makes_modules and not any(map(_may_be_of_model, parts([*args, *kwargs.values()]))):
        return Origin(frozenset({Made()}), frozenset())
    called: Origin | None
    if isinstance(function, External):
        if function.name.partition(".")[0] in READ_PACKAGES:
            return None  # read elsewhere: a model that ties by itself, or a function that changes one
        called = _NOTHING
    else:
        called = function.origin if function.module else _NOTHING
    given = of_any([*args, *kwargs.values()])
    if called is None or given is None:
        return None
    return Origin(given.holds | {Made()}, given.makers | called.holds | called.makers)


def of_any(values: list[Value]) -> Origin | None:
    """Return the origin of what is one of some values, or holds them; None where one is of the model."""
    found = [_of_argument(value) for value in parts(values)]
    known = [origin for origin in found if origin is not None]
    if len(known) < len(found):
        return None
    return Origin(
        frozenset[object]().union(*(origin.holds for origin in known)),
        frozenset[object]().union(*(origin.makers for origin in known)),
    )


def one_of(interp: Interpreter, values: list[Value], why: str | Cause) -> Unknown:
    """Return what is one of some values, nobody knows which."""
    origin = None if any(_ties(interp, value) for value in parts(values)) else of_any(values)
    if origin is not None and all(map(_makes_modules, parts(values))):
        origin = replace(origin, makes_modules=True)
    may_be_module = any(may_give_module(value) for value in values)
    return Unknown(why, may_be_module, origin=origin, aliases=aliases_of(values))


def _makes_modules(value: Value) -> bool:
    if isinstance(value, Native):
        return bool(value.holds) and _makes_modules(value.holds[0])
    if isinstance(value, External):
        return any(base in ROOTS and ROOTS[base].kind == "module" for base in bases_of(value.name))
    return isinstance(value, Class) and value.is_module


def _may_be_of_model(value: Value) -> bool:
    """Whether a value may be, or hold, a module or parameter of the model."""
    return value.given_module if isinstance(value, Instance) else _of_argument(value) is None


def _ties(interp: Interpreter, value: Value) -> bool:
    """Whether a value is a class whose objects may hold the same parameter twice."""
    if isinstance(value, Native):
        return any(_ties(interp, held) for held in parts(value.holds))
    return isinstance(value, Class) and value.is_module and (value.is_model or may_escape(interp, value))


def of_attribute(instance: Instance) -> Origin | None:
    """Return the origin of what a base that is not read may define for an object; None as for calls."""
    return None if instance.given_module else Origin(frozenset({instance}), frozenset())


def strangers(values: Iterable[Value]) -> list[bool]:
    """Return of each value in a module tree whether it holds nothing that is elsewhere in the tree."""
    origins = [value.origin if isinstance(value, Unknown) else None for value in values]
    places = Counter(part for origin in origins if origin is not None for part in origin.holds)
    return [
        origin is not None
        and all(places[part] == 1 for part in origin.holds)
        and not any(maker in places for maker in origin.makers)
        for origin in origins
    ]


_NOTHING = Origin(frozenset(), frozenset())


def _of_closures(function: Function) -> Origin | None:
    """Return the origin of what a function can hand out of the functions that it was made in, as one does
    that a decorator puts around another."""
    seen, todo, held = set[int](), [function], list[Value]()
    while todo:
        env = todo.pop().closure
        while env is not None and id(env) not in seen:
            seen.add(id(env))
            for value in parts([*env.names.values()]):
                if isinstance(value, Function):
                    todo.append(value)
                else:
                    held.append(value)
            env = env.parent
    return of_any(held)


def _of_argument(value: Value) -> Origin | None:
    if isinstance(value, Unknown):
        plain = not value.module and "config" not in value.why.text.rpartition(".")[2]
        return _NOTHING if plain else value.origin
    if isinstance(value, Instance):
        return None if value.given_module or value.cls.is_config else _NOTHING
    if isinstance(value, Function):
        return _NOTHING if value.closure is None else _of_closures(value)
    if isinstance(value, Native):
        return of_any(list(value.holds)) if value.holds else None
    return _NOTHING if isinstance(value, (*_PLAIN, External)) else None
