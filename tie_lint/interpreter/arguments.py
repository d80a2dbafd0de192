"""Arguments, bound to the parameters of a function."""

from __future__ import annotations

from tie_lint.interpreter.base_values import RaisedError, Spread, Unknown, Value
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.reads import UNTOLD, is_changeable
from tie_lint.interpreter.values import Env
from tie_lint.python.nodes import Const, Expr, Parameter


def bind(
    interp: Interpreter,
    params: list[Parameter],
    args: list[Value],
    kwargs: dict[str, Value],
    env: Env,
    name: str,
) -> None:
    """Bind arguments to parameters, as Python does."""
    rest, given, names = list(args), dict(kwargs), env.names
    for found in params:
        param, kind = found.name, found.kind
        if kind == "pos" and rest:
            names[param] = rest.pop(0)
        elif kind == "*":
            unknown = Unknown("unknown items", module=True)
            names[param], rest = unknown if Spread.ITEMS in kwargs else tuple(rest), []
        elif kind == "**":
            names[param], given = given, {}
        elif param in given:
            names[param] = given.pop(param)
        elif Spread.KEYWORDS in kwargs or (Spread.ITEMS in kwargs and kind == "pos"):
            # Before the default: what is spread may or may not give this parameter.
            names[param] = Unknown(f"the argument {param} of {name}", module=True)
        elif found.default is not None:
            names[param] = _default(interp, found, found.default, env)
        else:
            raise RaisedError("TypeError", f"{name} needs an argument {param!r}")
    given.pop(Spread.KEYWORDS, None)
    given.pop(Spread.ITEMS, None)
    if rest or given:
        extra = f"{name} got unexpected arguments {[*given] or len(rest)}"
        raise RaisedError("TypeError", extra)


def _default(interp: Interpreter, param: Parameter, expr: Expr, env: Env) -> Value:
    """What a parameter is by default: evaluated once, as its function is defined once."""
    if isinstance(expr, Const):
        return expr.value
    if id(param) not in interp.defaults:  # kept with the parameter, so that no other one gets its id
        interp.defaults[id(param)] = param, interp.ev(expr, Env({}, env.scope, env.parent))
    value = interp.defaults[id(param)][1]
    if interp.reads is not None and is_changeable(value):
        interp.reads.append(UNTOLD)
    return value
