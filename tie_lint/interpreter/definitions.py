"""Classes that are defined inside functions or inside other classes, and the bases of all."""

from __future__ import annotations

from tie_lint.interpreter.base_values import ExhaustedError, External, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.values import Env
from tie_lint.python.facts import ClassFacts
from tie_lint.python.nodes import Expr
from tie_lint.python.statements import ClassDef, Def


def define_class(interp: Interpreter, stmt: ClassDef, env: Env, around: str) -> Class:
    """Return the class that a statement defines; ``around`` names what it stands in."""
    bases = [base_class(interp, base, env) for base in stmt.bases]
    methods = {item.function.name: item.function for item in stmt.body if isinstance(item, Def)}
    body = [item for item in stmt.body if not isinstance(item, Def)]
    facts = ClassFacts(
        f"{around}.{stmt.name}", stmt.at, stmt.bases, stmt.keywords, stmt.decorators, body, methods, stmt.at
    )
    cls = Class(env.scope, facts, bases)
    cls.closure = env
    for name, attribute in cls.own().items():  # now: what the names around it stand for may change
        if attribute.kind == "value":
            interp.class_value(cls, name, attribute)
    return cls


def base_class(interp: Interpreter, expr: Expr, env: Env) -> Value:
    """Return the class that a base expression means: a ``Class``, an ``External`` or ``Unknown``."""
    try:
        value = interp.guarded(lambda: interp.ev(expr, env))
    except (ExhaustedError, RecursionError):
        if interp.depth:
            raise  # whoever asks in the midst of a run has used up the most of it
        return Unknown("a base that takes too much to work out")
    return value if isinstance(value, (Class, External)) else Unknown("a base that is no class")
