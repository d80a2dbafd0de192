"""What Python itself computes for the interpreter: methods and functions of numbers, strings and containers.

Errors of Python are errors of the linted code, whatever their type, and what would be larger than the budget
grants is not computed: each method whose result may be longer than what it is given has its size told here.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from types import NoneType
from typing import Any

from tie_lint.interpreter.base_values import RaisedError, Value
from tie_lint.interpreter.budget import LARGEST, LONGEST_NUMBER, granted, whole
from tie_lint.interpreter.enumerations import NumberMember, StringMember, is_printed_as_value

_OUR_ERRORS = (TypeError, AttributeError)
"""Raised by what the linted code does, or because a value is a symbol of ours: nobody can tell."""


class UncomputedError(TypeError):
    """What Python does not compute with the symbols that stand for values here.

    One that nobody asks for makes the result of a call unknown, as any ``TypeError`` of ours does.
    """


def computed(function: Callable[..., Any], *args: Value, **kwargs: Value) -> Value:
    """Return what Python computes. Raises ``RaisedError`` for its errors, or ``UncomputedError``."""
    try:
        return function(*args, **kwargs)
    except (MemoryError, RecursionError, *_OUR_ERRORS) as error:
        raise UncomputedError(str(error)) from error
    except (ArithmeticError, LookupError, ValueError) as error:
        raise RaisedError(type(error).__name__, str(error)) from error


def printed(value: str | int | float | None) -> str | None:
    """Return ``str(value)``; None where the budget does not grant it."""
    if isinstance(value, int) and value.bit_length() > LONGEST_NUMBER:
        return None
    if isinstance(value, (StringMember, NumberMember)) and not is_printed_as_value(value):
        return None
    text = str(value)
    return text if granted(len(text)) else None


def represented(value: Value) -> str | None:
    """Return ``repr(value)`` of what is made of numbers and strings; None where that is not known."""
    if not whole(value) or not _is_printable(value):
        return None
    text = repr(value)
    return text if granted(len(text)) else None


def _is_printable(value: Value) -> bool:
    """Whether a value is made of numbers and strings, in an order that is always the same."""
    if isinstance(value, (list, tuple)):
        return type(value) in (list, tuple) and all(map(_is_printable, value))
    if type(value) is dict:
        return all(map(_is_printable, value)) and all(map(_is_printable, value.values()))
    return type(value) in _PRINTED and not (type(value) is int and value.bit_length() > LONGEST_NUMBER)


_PRINTED = frozenset({bool, int, float, str, NoneType})


def formatted(value: Value, conversion: str | None, spec: str) -> str | None:
    """Return a value as an f-string prints it; None where that is not known, or would be too long."""
    if not isinstance(value, (str, int, float)) or not granted(format_size(spec, [value])):
        return None
    if conversion is not None:
        value = repr(value) if conversion == "r" else ascii(value) if conversion == "a" else str(value)
    return None if printed(value) is None else str(computed(format, value, spec))


def filled_in(template: str, values: Value) -> str | None:
    """Return ``template % values``; None where that is not known, or would be too long."""
    given = values if isinstance(values, tuple) else (values,)
    if not all(isinstance(value, (str, int, float, NoneType)) for value in given):
        return None
    if not granted(format_size(template, [*given])) or None in map(printed, given):
        return None
    return str(computed(operator.mod, template, given))


def method_granted(owner: Value, name: str, args: list[Value]) -> bool:
    """Return whether a method of a built-in value may be called: how large its result is, is told before."""
    if isinstance(owner, str):
        size = _RESULT_SIZES.get(name, _unchanged)(owner, args)
    elif name in _OVER_ALL_ITEMS:
        size = len(owner) + sum(len(arg) for arg in args if hasattr(arg, "__len__"))
    else:
        size = 1
    compared = [owner, *args] if name in _COMPARING else args if isinstance(owner, _HASHING) else []
    return granted(size) and all(map(whole, compared))


_COMPARING = frozenset({"count", "index", "remove", "sort"})
_HASHING = (dict, set, frozenset)
_OVER_ALL_ITEMS = (
    _COMPARING
    | {"copy", "reverse", "update", "union", "difference", "intersection"}
    | {*("isdisjoint", "issubset", "issuperset")}
)


def _unchanged(owner: str, args: list[Value]) -> int:
    return len(owner)


def _width(owner: str, args: list[Value]) -> int:
    return max(len(owner), args[0]) if args and isinstance(args[0], int) else len(owner)


def _replaced(owner: str, args: list[Value]) -> int:
    if len(args) < 2 or not isinstance(args[0], str) or not isinstance(args[1], str):
        return len(owner)
    count = owner.count(args[0])
    return len(owner) + count * max(len(args[1]) - len(args[0]), 0)


def _joined(owner: str, args: list[Value]) -> int:
    items = args[0] if args and isinstance(args[0], (list, tuple, set, frozenset, dict, str)) else ()
    return sum(len(item) + len(owner) for item in items if isinstance(item, str))


_WIDTH = re.compile(r"\d+")


def format_size(form: str, args: list[Value]) -> int:
    """Return how long a formatted text is at most: its widths stand in the form, or are arguments."""
    numbers = [*_WIDTH.findall(form), *(str(abs(arg)) for arg in args if type(arg) is int and abs(arg) > 999)]
    widths = sum(int(number) if len(number) < 12 else LARGEST + 1 for number in numbers)
    texts = sum(len(arg) if isinstance(arg, str) else 32 for arg in args)
    return len(form) + widths + max(form.count("{"), form.count("%"), 1) * texts


_RESULT_SIZES: dict[str, Callable[[str, list[Value]], int]] = {
    **dict.fromkeys(["zfill", "center", "ljust", "rjust"], _width),
    "replace": _replaced,
    "join": _joined,
    "format": format_size,
    **dict.fromkeys(
        ["upper", "casefold", "title", "capitalize", "swapcase"], lambda owner, args: 3 * len(owner)
    ),
    "expandtabs": lambda owner, args: len(owner) * (args[0] if args and isinstance(args[0], int) else 8),
}
