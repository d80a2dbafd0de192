"""Calls of Python's own classes, over symbolic values: ``int(…)``, ``list(…)``, ``type(…)``."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType
from typing import Any

from tie_lint.interpreter.base_values import External, RaisedError, Sentinel, Spread, Unknown, Value
from tie_lint.interpreter.budget import LONGEST_NUMBER, whole
from tie_lint.interpreter.builtin_types import iterate, truth_of
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.enumerations import MEMBERS
from tie_lint.interpreter.plain import represented
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.values import Instance, Module


def _type(args: list[Value]) -> Value:
    value = args[0]
    if isinstance(value, (Instance, Module, *MEMBERS)):
        return value.cls
    if type(value) not in _OF_PYTHON or len(args) != 1:
        return Unknown("the type of an unknown")
    return External(f"builtins.{type(value).__name__}")


_OF_PYTHON = frozenset(
    {bool, int, float, complex, str, bytes, NoneType, list, tuple, dict, set, frozenset, range, slice}
)


def construct_builtin(interp: Interpreter, name: str, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """``int(…)``, ``list(…)``, ``type(…)`` and their like."""
    if name == "type":
        return _type(args)
    if name == "object" and not args:
        return Sentinel("object()")
    if name in ("list", "tuple", "set", "frozenset"):
        return _collect(interp, name, args)
    if name == "dict":
        return _make_dict(interp, args, kwargs)
    if name == "iter":
        items = iterate(interp, args[0]) if args and not isinstance(args[0], Iterator) else None
        return iter(items) if items is not None else args[0] if args else Unknown("iter")
    if name == "int" and len(args) == 1 and isinstance(args[0], Symbol):
        return Symbol(f"int({args[0].name})")
    if any(isinstance(arg, Unknown) for arg in args) or kwargs:
        if name in ("int", "float") and "ValueError" in interp.provided_for:
            interp.doubt(f"whether something is the text of {name}")
        return Unknown(f"{name} of an unknown")
    if name == "bool":
        truth = truth_of(args[0]) if args else False
        return Unknown("an unknown truth") if truth is None else truth
    if name == "str" and len(args) == 1 and isinstance(args[0], (list, tuple, dict)):
        text = represented(args[0])
        return Unknown("str(…)") if text is None else text
    if name in ("int", "float", "str", "round", "divmod", "pow") and all(
        isinstance(arg, (int, float, str, NoneType)) for arg in args
    ):
        return _number(name, args)
    return Unknown(f"{name}(…)")


def _number(name: str, args: list[Value]) -> Value:
    function: Any = {"int": int, "float": float, "str": str, "round": round, "divmod": divmod}.get(name)
    if function is None:
        return Unknown(name)
    if any(isinstance(arg, int) and arg.bit_length() > LONGEST_NUMBER for arg in args) or (
        name == "round" and len(args) > 1 and isinstance(args[1], int) and abs(args[1]) > LONGEST_NUMBER
    ):
        return Unknown(f"{name} of a number that is too large")
    try:
        return function(*args)
    except TypeError as error:
        raise RaisedError("TypeError", str(error)) from error
    except (ArithmeticError, ValueError) as error:
        raise RaisedError(type(error).__name__, str(error)) from error


def _collect(interp: Interpreter, name: str, args: list[Value]) -> Value:
    items = iterate(interp, args[0]) if args else []
    if items is None:
        return Unknown(f"{name} of an unknown", module=True)
    kinds: dict[str, Any] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
    if name in ("set", "frozenset") and not whole(items):
        return Unknown(f"{name} of something too large")
    try:
        return kinds[name](items)
    except TypeError:
        return Unknown(f"{name} of unhashable items")


def _make_dict(interp: Interpreter, args: list[Value], kwargs: dict[str, Value]) -> Value:
    result: dict[Any, Value] = {}
    if args:
        source = args[0].data if isinstance(args[0], Instance) else args[0]
        if isinstance(source, dict):
            result.update(source)
        else:
            pairs = iterate(interp, source)
            if pairs is None or not all(isinstance(pair, (tuple, list)) and len(pair) == 2 for pair in pairs):
                return Unknown("a dict of unknown items")
            if not all(whole(pair[0]) for pair in pairs):
                return Unknown("a dict of something too large")
            result.update((pair[0], pair[1]) for pair in pairs)
    if any(isinstance(key, Spread) for key in kwargs):
        return Unknown("a dict of unknown items")
    result.update(kwargs)
    return result


BUILTIN_TYPES = frozenset(
    {"bool", "bytes", "complex", "dict", "float", "frozenset", "int", "iter", "list", "object"}
    | {"pow", "property", "round", "set", "slice", "staticmethod", "classmethod", "str", "tuple"}
    | {"type", "divmod"}
)
"""The names of Python's own classes, and of functions that are told from them by nothing here."""
