"""Comprehensions, and what can be a key or an item of a set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from tie_lint.cause import Cause
from tie_lint.interpreter.aliases import aliases_of
from tie_lint.interpreter.base_values import ExhaustedError, Unknown, Value, cause_of
from tie_lint.interpreter.branches import havoc
from tie_lint.interpreter.budget import tick, whole
from tie_lint.interpreter.builtin_types import iterate, truth_of
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.initialization import compared_fields
from tie_lint.interpreter.special_methods import compares_itself
from tie_lint.interpreter.spot import because
from tie_lint.interpreter.symbols import sample_of
from tie_lint.interpreter.values import Env, Instance, may_give_module
from tie_lint.python import nodes
from tie_lint.python.statements import NOWHERE, ExprStmt
from tie_lint.python.walk import calls, names, walk
from tie_lint.record import field

MOST_ROUNDS = 5_000
"""The rounds of one loop, or of a comprehension with those inside it."""


def hashable(key: Value) -> bool:
    """Return whether a value can be a key or an item of a set, and is known."""
    if isinstance(key, tuple):
        return whole(key) and all(hashable(item) for item in key)
    if isinstance(key, Instance) and (compares_itself(key.cls) or compared_fields(key.cls) is not None):
        return False
    return not isinstance(key, (Unknown, list, dict, set, slice))


def hashed(kind: Callable[[list[Value]], Value]) -> Callable[[list[Value]], Value]:
    """Return what makes a collection of values, where all of them are :func:`hashable`."""

    def make(values: list[Value]) -> Value:
        known = all(hashable(value) for value in values)
        return kind(values) if known else Unknown("a set with unknown items", module=True)

    return make


class _UnknownIterationError(Exception):
    def __init__(self, why: Cause) -> None:
        super().__init__(why.text)
        self.why = why


class _TooManyRoundsError(ExhaustedError):
    """A comprehension has more rounds than are run."""


class _Inside(Env):
    """The names of a comprehension, and how many rounds it and those around it have made."""

    made: list[int] = field(default_factory=list)
    coming: int = 0
    """While a comprehension that is the element runs: how often it does in all, as far as that is certain."""


def comprehension(interp: Interpreter, expr: nodes.Comprehension, env: Env) -> Value:
    """Evaluate a comprehension or generator expression. A long one that makes no modules is unknown."""
    values: list[Value] = []
    made, times = (env.made, env.coming) if isinstance(env, _Inside) else ([0], 1)
    inside = _Inside({}, env.scope, env, made=made)
    try:
        values.extend(_comprehend(interp, expr.element, expr.clauses, inside, times))
    except _TooManyRoundsError as error:
        if may_give_module(values):
            raise
        return Unknown(str(error))
    except _UnknownIterationError as unknown:
        _havoc_element(interp, expr, inside, unknown.why)
        return Unknown(unknown.why, module=True, aliases=_aliases_in(interp, expr, env))
    if expr.kind == "dict":
        known = all(isinstance(key, Unknown) or hashable(key) for key, _ in values)
        return dict(values) if known else Unknown("unknown keys", module=True)
    if expr.kind == "generator":
        return iter(values)  # all made at once, and handed out once
    return hashed(set)(values) if expr.kind == "set" else values


def _aliases_in(interp: Interpreter, expr: nodes.Expr, env: Env) -> int:
    """What an item of an expression's value may be that its names and attributes stand for."""
    called = [call.function for call in calls([expr])]
    places = [
        node
        for node in walk(expr)
        if isinstance(node, (nodes.Name, nodes.Attr))
        and all(node is not function for function in called)
        and not any(True for _ in calls([node]))
    ]
    return aliases_of(interp.guarded(partial(interp.ev, place, env)) for place in places)


def _havoc_element(interp: Interpreter, expr: nodes.Comprehension, env: Env, why: Cause) -> None:
    """Make unknown what the elements may change, nobody knows how often."""
    for clause in expr.clauses:
        item = Unknown(why, module=True, aliases=_aliases_in(interp, clause.iterable, env))
        interp.store(clause.target, item, env)
    pair = expr.element if isinstance(expr.element, nodes.Pair) else None
    parts = [expr.element] if isinstance(expr.element, nodes.Expr) else [pair.key, pair.value] if pair else []
    parts += [condition for clause in expr.clauses for condition in clause.conditions]
    havoc(interp, [ExprStmt(NOWHERE, part) for part in parts if part is not None], env, why)


def _comprehend(
    interp: Interpreter,
    element: nodes.Expr | nodes.Pair,
    clauses: list[nodes.Clause],
    env: _Inside,
    times: int,
) -> Iterator[Value]:
    """Yield the elements. ``times`` is how often this is done in all, 0 where that is not certain."""
    clause, inner = clauses[0], clauses[1:]
    iterable = interp.ev(clause.iterable, env)
    values = None if clause.is_async else sample_of(interp, iterable) or iterate(interp, iterable)
    if values is None:
        raise _UnknownIterationError(because("a comprehension over {}", cause_of(iterable)))
    rounds = 0 if clause.conditions or _names_a_round(clause.iterable, env) else times * len(values)
    for value in values:
        if env.made[0] >= MOST_ROUNDS:
            raise _TooManyRoundsError(f"a comprehension of more than {MOST_ROUNDS} rounds")
        env.made[0] += 1
        tick()
        interp.store(clause.target, value, env)
        tests = [interp.ev(condition, env) for condition in clause.conditions]
        truths = [truth_of(test) for test in tests]
        if None in truths:
            raise _UnknownIterationError(
                because("a comprehension where {}", cause_of(tests[truths.index(None)]))
            )
        if not all(truths):
            continue
        if inner:
            yield from _comprehend(interp, element, inner, env, rounds)
            continue
        if isinstance(element, nodes.Pair):
            assert element.key is not None
            yield (interp.ev(element.key, env), interp.ev(element.value, env))
        else:
            env.coming = rounds if isinstance(element, nodes.Comprehension) else 0
            made = interp.ev(element, env)
            env.coming = 0
            yield made
        if rounds > MOST_ROUNDS:  # the first element shows what there are, and the others are too many
            env.made[0] = MOST_ROUNDS


def _names_a_round(expr: nodes.Expr, env: Env | None) -> bool:
    """Whether an expression names what changes from round to round of the comprehensions around it."""
    bound: set[str] = set()
    while isinstance(env, _Inside):
        bound.update(env.names)
        env = env.parent
    return bool(bound) and not bound.isdisjoint(names(expr))
