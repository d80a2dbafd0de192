"""``match``: whether a value fits a pattern, and what the pattern binds."""

from __future__ import annotations

from tie_lint.interpreter.attributes import attribute_of
from tie_lint.interpreter.base_values import Sentinel, Unknown, Value
from tie_lint.interpreter.builtin_types import truth_of
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.instance_checks import is_instance
from tie_lint.interpreter.operators import compare
from tie_lint.interpreter.values import Env
from tie_lint.python.nodes import Const
from tie_lint.python.statements import (
    AsPattern,
    Case,
    ClassPattern,
    MappingPattern,
    OrPattern,
    Pattern,
    SequencePattern,
    StarPattern,
    ValuePattern,
)


def fits(interp: Interpreter, case: Case, value: Value, env: Env) -> bool | None:
    """Whether a case takes the value; None where that is not known. What it binds is bound then."""
    bound: dict[str, Value] = {}
    found = _fits(interp, case.pattern, value, env, bound)
    if found:
        env.names.update(bound)
        return True if case.guard is None else truth_of(interp.ev(case.guard, env))
    return found


def _fits(
    interp: Interpreter, pattern: Pattern, value: Value, env: Env, bound: dict[str, Value]
) -> bool | None:
    match pattern:
        case ValuePattern(expr):
            sign = "is" if isinstance(expr, Const) and isinstance(expr.value, bool | None) else "=="
            return truth_of(compare(interp, sign, value, interp.ev(expr, env)))
        case AsPattern(inner, name):
            found = True if inner is None else _fits(interp, inner, value, env, bound)
            if name is not None:
                bound[name] = value
            return found
        case OrPattern(items):
            answers = (_fits(interp, item, value, env, bound) for item in items)
            return next((answer for answer in answers if answer is not False), False)
        case SequencePattern(items):
            return _fits_sequence(interp, items, value, env, bound)
        case MappingPattern():
            return None if isinstance(value, (dict, Unknown)) else False
        case ClassPattern(kind, [], names, values):
            found = truth_of(is_instance(interp, value, interp.ev(kind, env)))
            parts = [attribute_of(interp, value, name, _ABSENT) for name in names] if found else []
            answers = (
                part is not _ABSENT and _fits(interp, inner, part, env, bound)
                for inner, part in zip(values, parts, strict=False)
            )
            return next((answer for answer in answers if answer is not True), True) if found else found
    return None


_ABSENT = Sentinel("absent")


def _fits_sequence(
    interp: Interpreter, items: list[Pattern], value: Value, env: Env, bound: dict[str, Value]
) -> bool | None:
    if any(isinstance(item, StarPattern) for item in items) or isinstance(value, Unknown):
        return None
    if not isinstance(value, (list, tuple)) or len(value) != len(items):
        return False
    answers = (_fits(interp, item, part, env, bound) for item, part in zip(items, value, strict=True))
    return next((answer for answer in answers if answer is not True), True)
