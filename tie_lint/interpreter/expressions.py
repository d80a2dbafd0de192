"""Lowered expressions, evaluated over symbolic values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import NoneType
from typing import TYPE_CHECKING, Any

from tie_lint.interpreter import attributes
from tie_lint.interpreter.base_values import UNBOUND, ExhaustedError, Native, Spread, Unknown, Value
from tie_lint.interpreter.builtin_functions import BUILTINS
from tie_lint.interpreter.builtin_types import iterate, truth_of
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.laziness import may_matter
from tie_lint.interpreter.operators import binary, compare, unary
from tie_lint.interpreter.subscripts import get_item
from tie_lint.interpreter.values import Env, Instance, Lambda, Module, Super, may_give_module
from tie_lint.python.facts import Expr

if TYPE_CHECKING:
    from tie_lint.interpreter.context import Interpreter

MOST_ROUNDS = 5_000
"""The rounds of one loop or comprehension."""


# -- names and attributes ---------------------------------------------------------------------------------


def _name(interp: Interpreter, expr: Expr, env: Env) -> Value:
    name = expr[1]
    inner: Env | None = env
    while inner is not None:  # as `Env.find` does: half of all evaluations come here
        if name in inner.names:
            return inner.names[name]
        inner = inner.parent
    value = env.scope.lookup(name)
    if value is not UNBOUND:
        return value
    if name in BUILTINS:
        return BUILTINS[name]
    if name == "__class__" and env.owner is not None:
        return env.owner
    if name in ("__name__", "__file__"):
        return env.scope.dotted
    return Unknown(f"the name {name}", module=True)


def _attr(interp: Interpreter, expr: Expr, env: Env) -> Value:
    return attributes.get_attr(interp, interp.ev(expr[1], env), expr[2])


def _index(interp: Interpreter, expr: Expr, env: Env) -> Value:
    return get_item(interp, interp.ev(expr[1], env), interp.ev(expr[2], env))


def _slice(interp: Interpreter, expr: Expr, env: Env) -> Value:
    parts = [None if part is None else interp.ev(part, env) for part in expr[1:]]
    if any(isinstance(part, Unknown) for part in parts):
        return Unknown("a slice")
    return slice(*parts)


# -- calls ------------------------------------------------------------------------------------------------


def _call(interp: Interpreter, expr: Expr, env: Env) -> Value:
    if expr[1] == ["name", "super"]:
        return _super(interp, expr, env)
    function = interp.ev(expr[1], env)
    kwargs: dict[str, Value] = {}
    args = _arguments(interp, expr[2], env, kwargs)
    for key, value_expr in expr[3]:
        value = interp.ev(value_expr, env)
        if key is not None:
            kwargs[key] = value
        else:
            _spread(value, kwargs)
    if isinstance(function, Native) and function.name in _WITH_ENV:
        kwargs["__env__"] = env
    return interp.call(function, args, kwargs)


_WITH_ENV = frozenset({"locals"})


def _arguments(interp: Interpreter, items: list[Expr], env: Env, kwargs: dict[str, Value]) -> list[Value]:
    """Positional arguments. From unknown ``*items`` on, ``Spread.ITEMS`` stands for all that follow."""
    args: list[Value] = []
    for item in items:
        if item[0] != "star" and Spread.ITEMS not in kwargs:
            args.append(interp.ev(item, env))
            continue
        value = interp.ev(item[1] if item[0] == "star" else item, env)
        inner = iterate(interp, value) if item[0] == "star" else [value]
        if inner is None or Spread.ITEMS in kwargs:
            rest = [*kwargs.get(Spread.ITEMS, []), value]
            kwargs[Spread.ITEMS] = rest
        else:
            args.extend(inner)
    return args


def _spread(value: Value, kwargs: dict[str, Value]) -> None:
    """``**value`` among the arguments; ``Spread.KEYWORDS`` stands for what is unknown of it."""
    if isinstance(value, Instance):
        value = value.data
    if isinstance(value, dict):
        kwargs.update({name: item for name, item in value.items() if isinstance(name, str)})
        if any(isinstance(name, Unknown) for name in value):
            kwargs[Spread.KEYWORDS] = Unknown("unknown keyword arguments")
    elif value is not None:
        kwargs[Spread.KEYWORDS] = Unknown("unknown keyword arguments", module=True)


def _super(interp: Interpreter, expr: Expr, env: Env) -> Value:
    if len(expr[2]) == 2:
        after, this = interp.ev(expr[2][0], env), interp.ev(expr[2][1], env)
    else:
        holder: Env | None = env
        while holder is not None and holder.owner is None:
            holder = holder.parent
        if holder is None:
            return Unknown("super() outside a class", module=True)
        after, this = holder.owner, holder.this
    return Super(after, this) if isinstance(after, Class) else Unknown("super() of an unknown", module=True)


# -- literals ---------------------------------------------------------------------------------------------


def items_of(interp: Interpreter, items: list[Expr], env: Env) -> list[Value] | None:
    """The items of a literal; None where it spreads something unknown."""
    values: list[Value] = []
    for item in items:
        if item[0] == "star":
            inner = iterate(interp, interp.ev(item[1], env))
            if inner is None:
                return None
            values.extend(inner)
        else:
            values.append(interp.ev(item, env))
    return values


def _sequence(kind: Callable[[list[Value]], Value]) -> Callable[[Interpreter, Expr, Env], Value]:
    def evaluate(interp: Interpreter, expr: Expr, env: Env) -> Value:
        values = items_of(interp, expr[1], env)
        return Unknown("unknown items", module=True) if values is None else kind(values)

    return evaluate


def _dict(interp: Interpreter, expr: Expr, env: Env) -> Value:
    result: dict[Any, Value] = {}
    for key_expr, value_expr in expr[1]:
        value = interp.ev(value_expr, env)
        if key_expr is None:
            inner = value.data if isinstance(value, Instance) else value
            if not isinstance(inner, dict):
                return Unknown("a mapping with unknown parts", module=True)
            result.update(inner)
            continue
        key = interp.ev(key_expr, env)
        if not _hashable(key):
            return Unknown("a mapping with unknown keys", module=True)
        result[key] = value
    return result


def _fstr(interp: Interpreter, expr: Expr, env: Env) -> Value:
    parts = [interp.ev(part, env) for part in expr[1]]
    if all(isinstance(part, (str, int, float, NoneType)) for part in parts):
        return "".join(str(part) for part in parts)
    return Unknown("a string with unknown parts")


def _hashable(key: Value) -> bool:
    if isinstance(key, tuple):
        return all(_hashable(item) for item in key)
    return not isinstance(key, (Unknown, list, dict, set, slice))


def _hashed(kind: Callable[[list[Value]], Value]) -> Callable[[list[Value]], Value]:
    def make(values: list[Value]) -> Value:
        known = all(_hashable(value) for value in values)
        return kind(values) if known else Unknown("a set with unknown items", module=True)

    return make


# -- operators and choices ----------------------------------------------------------------------------------


def _bin(interp: Interpreter, expr: Expr, env: Env) -> Value:
    return binary(expr[1], interp.ev(expr[2], env), interp.ev(expr[3], env))


def _un(interp: Interpreter, expr: Expr, env: Env) -> Value:
    value = interp.ev(expr[2], env)
    if expr[1] != "not":
        return unary(expr[1], value)
    truth = truth_of(value)
    return Unknown(getattr(value, "why", "a truth")) if truth is None else not truth


def _cmp(interp: Interpreter, expr: Expr, env: Env) -> Value:
    left = interp.ev(expr[1], env)
    for sign, right_expr in expr[2]:
        right = interp.ev(right_expr, env)
        result = compare(interp, sign, left, right)
        if result is not True:
            return result
        left = right
    return True


def _bool(interp: Interpreter, expr: Expr, env: Env) -> Value:
    """``and`` and ``or``. After an unknown operand the result is one of those that follow, or itself."""
    stop = expr[1] == "or"
    candidates: list[Value] = []
    why = ""
    for item in expr[2]:
        value = interp.ev(item, env)
        truth = truth_of(value)
        if truth is None:
            candidates.append(value)
            why = why or getattr(value, "why", "a truth")
        elif truth is stop or item is expr[2][-1]:
            if not candidates or (truth is False and stop is False):
                return value
            return Unknown(why, module=any(may_give_module(one) for one in [*candidates, value]))
    if len(candidates) == 1 and candidates[0] is value:
        return value
    return Unknown(why, module=any(may_give_module(one) for one in candidates))


def _conditional(interp: Interpreter, expr: Expr, env: Env) -> Value:
    test = interp.ev(expr[1], env)
    truth = truth_of(test)
    if truth is not None:
        return interp.ev(expr[2] if truth else expr[3], env)
    why = getattr(test, "why", "a truth")
    return Unknown(why, module=any(_may_share(interp, part, env) for part in expr[2:4]))


def _may_share(interp: Interpreter, expr: Expr, env: Env) -> bool:
    """Whether one of two values matters to a tie: it may hold, or be, something shared."""
    value = interp.ev(expr, env)
    if isinstance(value, Module):
        if expr[0] != "call":
            return True
        return may_matter(interp, value) if isinstance(value.cls, Class) else bool(value.children())
    return may_give_module(value) and not isinstance(value, Native)


# -- comprehensions -----------------------------------------------------------------------------------------


class _UnknownIterationError(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def _comp(interp: Interpreter, expr: Expr, env: Env) -> Value:
    _, kind, element, clauses = expr
    try:
        values = list(_comprehend(interp, element, clauses, Env({}, env.scope, env)))
    except _UnknownIterationError as error:
        return Unknown(error.why, module=True)
    if kind == "dict":
        known = all(_hashable(key) for key, _ in values)
        return dict(values) if known else Unknown("unknown keys", module=True)
    return _hashed(set)(values) if kind == "set" else values


def _comprehend(interp: Interpreter, element: Any, clauses: list[Any], env: Env) -> Iterator[Value]:
    if not clauses:
        if isinstance(element[0], list):
            yield (interp.ev(element[0], env), interp.ev(element[1], env))
        else:
            yield interp.ev(element, env)
        return
    target, iterable, conditions = clauses[0]
    values = iterate(interp, interp.ev(iterable, env))
    if values is None:
        raise _UnknownIterationError("a comprehension over an unknown")
    for rounds, value in enumerate(values):
        if rounds >= MOST_ROUNDS:
            raise ExhaustedError(f"a comprehension of more than {MOST_ROUNDS} rounds")
        interp.store(target, value, env)
        truths = [truth_of(interp.ev(condition, env)) for condition in conditions]
        if None in truths:
            raise _UnknownIterationError("a comprehension with an unknown condition")
        if all(truths):
            yield from _comprehend(interp, element, clauses[1:], env)


def _walrus(interp: Interpreter, expr: Expr, env: Env) -> Value:
    value = interp.ev(expr[2], env)
    env.names[expr[1]] = value
    return value


EXPRESSIONS: dict[str, Callable[[Interpreter, Expr, Env], Value]] = {
    "const": lambda interp, expr, env: expr[1],
    "name": _name,
    "attr": _attr,
    "call": _call,
    "index": _index,
    "slice": _slice,
    "list": _sequence(list),
    "tuple": _sequence(tuple),
    "set": _sequence(_hashed(set)),
    "dict": _dict,
    "bin": _bin,
    "un": _un,
    "cmp": _cmp,
    "bool": _bool,
    "if": _conditional,
    "fstr": _fstr,
    "comp": _comp,
    "lambda": lambda interp, expr, env: Lambda(expr[1], expr[2], env),
    "walrus": _walrus,
    "opaque": lambda interp, expr, env: Unknown(expr[1], module=True),
}
"""How each kind of expression is evaluated."""
