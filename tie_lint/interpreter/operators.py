"""Operators over symbolic values: arithmetic, and what is too large to compute."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from tie_lint.interpreter.aliases import aliases_of
from tie_lint.interpreter.base_values import Unknown, Value
from tie_lint.interpreter.budget import LONGEST_NUMBER, granted
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.plain import UncomputedError, computed, filled_in
from tie_lint.interpreter.register import HANDLERS
from tie_lint.interpreter.special_methods import operated
from tie_lint.interpreter.spot import because
from tie_lint.interpreter.unknown_items import are_open_sets
from tie_lint.interpreter.values import Instance, holds_module


def binary(interp: Interpreter, sign: str, left: Value, right: Value) -> Value:
    """Return a binary operation; unknown where an operand is, or where the result would be too large."""
    if isinstance(left, Instance) or isinstance(right, Instance):
        own = operated(interp, sign, left, right)
        if own is not NotImplemented:
            return own
    for operand in (left, right):
        handler = HANDLERS.get(type(operand))
        if handler is not None and (found := handler.binary(sign, left, right)) is not NotImplemented:
            return found
    if sign == "+" and isinstance(left, (str, Unknown)) and isinstance(right, (str, Unknown)):
        text = _joined(left, right)
        if text is not None:
            return text
    if sign == "%" and isinstance(left, str):
        return _filled_in(left, right)
    compute = _BINARY.get(sign)
    if compute is None or not (_plain(left) and _plain(right)) or _too_large(sign, left, right):
        operands = [left, right]
        return Unknown(f"an operation {sign}", holds_module(operands), aliases=aliases_of(operands))
    if sign in ("&", "-", "^") and are_open_sets(left, right):
        return Unknown(f"an operation {sign} of unknown items", module=holds_module([left, right]))
    try:
        return computed(compute, left, right)
    except UncomputedError as error:
        return Unknown(f"an operation {sign}: {error}")


def _joined(left: str | Unknown, right: str | Unknown) -> Unknown | None:
    """Two strings of which one is unknown, one after the other; None where that is no sum of strings."""
    unknown = [side for side in (left, right) if isinstance(side, Unknown)]
    if not unknown or (len(unknown) == 2 and unknown[0].ends is None):
        return None
    lead = left if isinstance(left, str) else (left.ends or ("", ""))[0]
    tail = right if isinstance(right, str) else (right.ends or ("", ""))[1]
    return Unknown(because("a sum with {}", unknown[0].why), unknown[0].module, ends=(lead, tail))


def _filled_in(template: str, values: Value) -> Value:
    """``template % values``; how it begins and ends is known where the values are not."""
    text = filled_in(template, values)
    if text is not None:
        return text
    return Unknown("a string with unknown parts", ends=(template.partition("%")[0], ""))


def unary(sign: str, value: Value) -> Value:
    """``-x``, ``+x`` or ``~x``."""
    handler = HANDLERS.get(type(value))
    if handler is not None:
        return handler.unary(sign, value)
    compute = _UNARY.get(sign)
    if compute is None or not isinstance(value, (int, float)) or (sign == "~" and isinstance(value, float)):
        return Unknown(f"an operation {sign}")
    return compute(value)


def _plain(value: Value) -> bool:
    return isinstance(value, (int, float, str, list, tuple, dict, set, frozenset))


def _too_large(sign: str, left: Value, right: Value) -> bool:
    """Whether an operation could eat memory: hostile input must not."""
    if sign == "*":
        for items, count in ((left, right), (right, left)):
            if isinstance(items, (str, list, tuple)) and isinstance(count, int):
                return not granted(len(items) * count)
    if isinstance(left, _SIZED) and isinstance(right, _SIZED):
        return not granted(len(left) + len(right))
    if isinstance(left, int) and isinstance(right, int):
        if sign in ("**", "<<"):
            return right > 64 or abs(left) > 1 << 32
        return max(left.bit_length(), right.bit_length()) > LONGEST_NUMBER
    return False


_SIZED = (str, list, tuple, dict, set, frozenset)

_UNARY: dict[str, Callable[[Any], Any]] = {"-": operator.neg, "+": operator.pos, "~": operator.invert}

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "|": operator.or_,
    "&": operator.and_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
}
