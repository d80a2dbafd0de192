"""Operators that a class defines itself: ``__add__``, ``__eq__`` and the like."""

from __future__ import annotations

from tie_lint.interpreter.base_values import NOT_IMPLEMENTED, Value
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.values import Instance

_METHODS = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "truediv",
    "//": "floordiv",
    "%": "mod",
    "**": "pow",
    "|": "or",
    "&": "and",
    "^": "xor",
    "<<": "lshift",
    ">>": "rshift",
    "@": "matmul",
    "==": "eq",
    "!=": "ne",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
}
_MIRRORED = {"==": "eq", "!=": "ne", "<": "gt", "<=": "ge", ">": "lt", ">=": "le"}


def operated(interp: Interpreter, sign: str, left: Value, right: Value) -> Value:
    """Return what an operator gives by a method of a side's class; ``NotImplemented`` by none."""
    if sign not in _METHODS or not (isinstance(left, Instance) or isinstance(right, Instance)):
        return NotImplemented
    for this, name, other in (
        (left, _METHODS[sign], right),
        (right, _MIRRORED.get(sign, f"r{_METHODS[sign]}"), left),
    ):
        if isinstance(this, Instance) and this.cls.find(f"__{name}__") is not None:
            result = interp.call_method(this, f"__{name}__", other)
            if result is not NOT_IMPLEMENTED:
                return result
    return NotImplemented


def has_truth_of_its_own(cls: Class) -> bool:
    """Return whether a class says itself whether its objects are true."""
    return _OWN_TRUTH.of(cls, lambda: any(cls.find(name) is not None for name in ("__bool__", "__len__")))


_OWN_TRUTH: Cache[bool] = Cache()


def compares_itself(cls: Class) -> bool:
    """Return whether a class says itself which of its objects are equal."""
    return _OWN_EQUALS.of(cls, lambda: cls.find("__eq__") is not None)


_OWN_EQUALS: Cache[bool] = Cache()
