"""Decorated functions: what a ``def`` binds once its decorators have had it.

Decorators of linted code are run. Those of the library only wrap and document. Of those from elsewhere a few
are known to hand back a function that does the same; after any other one the function is unknown.
"""

from __future__ import annotations

from tie_lint.interpreter.base_values import External, Native, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.register import DECORATORS, FUNCTIONS, is_transparent
from tie_lint.interpreter.values import Bound, Env, Function, Lambda
from tie_lint.python.nodes import Call, Expr
from tie_lint.python.walk import last_name

BINDING = frozenset(
    {"staticmethod", "classmethod", "property", "cached_property", "classproperty", "setter", "deleter"}
)
"""Decorators that say how a method is bound: :mod:`tie_lint.interpreter.attributes` sees to them."""


def decorated(interp: Interpreter, function: Function) -> Value:
    """Return the value that a decorated function's name stands for."""
    value: Value = function
    env = Env({}, function.scope, function.closure)
    for decorator in reversed(function.facts.decorators):
        if binding_kind(decorator) is None:
            value = _applied(interp, decorator, value, env)
    return value


def binding_kind(decorator: Expr) -> str | None:
    """Return the word of a decorator that says how a method is bound; None for any other decorator."""
    word = last_name(decorator)
    return word if word in BINDING else None


def _applied(interp: Interpreter, decorator: Expr, function: Value, env: Env) -> Value:
    maker = interp.ev(decorator.function if isinstance(decorator, Call) else decorator, env)
    name = _origin(maker)
    if name in DECORATORS:
        return DECORATORS[name]
    if name is not None and name not in FUNCTIONS and is_transparent(name):
        return function
    applied = interp.ev(decorator, env) if isinstance(decorator, Call) else maker
    is_known = applied is maker and name in FUNCTIONS
    if is_known or isinstance(applied, (Function, Lambda, Native, Bound, Class)):
        return interp.call(applied, [function], {})
    return Unknown(f"what {name or 'a decorator'} makes of a function", module=True)


def _origin(maker: Value) -> str | None:
    """The dotted name of a decorator, or of the function that makes it."""
    if isinstance(maker, (External, Native, Class)):
        return maker.name
    if isinstance(maker, Function):
        return f"{maker.scope.dotted}.{maker.facts.name}"
    return None
