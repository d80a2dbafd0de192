"""``functools``: functions that are given some of their arguments, or remember what they returned."""

from __future__ import annotations

from tie_lint.interpreter.base_values import Native, Value
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.register import intrinsic


@intrinsic("functools.partial")
def _partial(interp: Interpreter, function: Value, *bound: Value, **named: Value) -> Value:
    def later(interp: Interpreter, *more: Value, **others: Value) -> Value:
        return interp.call(function, [*bound, *more], {**named, **others})

    return Native("partial", later)
