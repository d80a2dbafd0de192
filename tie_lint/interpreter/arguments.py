"""Arguments, bound to the parameters of a function."""

from __future__ import annotations

from tie_lint.interpreter.aliases import aliases_of
from tie_lint.interpreter.base_values import RaisedError, Spread, Unknown, Value, present
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.reads import UNTOLD, is_changeable
from tie_lint.interpreter.unknown_items import may_be_absent
from tie_lint.interpreter.values import Env, Instance, Lambda, may_give_module
from tie_lint.python.nodes import Const, Expr, LambdaExpr, Parameter


def bind(
    interp: Interpreter,
    params: list[Parameter],
    args: list[Value],
    kwargs: dict[str, Value],
    env: Env,
    name: str,
    defaults: dict[str, Value] | None = None,
) -> str | None:
    """Bind arguments to parameters, as Python does. Return what it says of those that do not fit.

    ``defaults`` are those that were evaluated when the function was defined.
    """
    rest, given, names = list(args), dict(kwargs), env.names
    missing: list[Parameter] = []
    for found in params:
        param, kind = found.name, found.kind
        if kind == "pos" and rest:
            names[param] = rest.pop(0)
        elif kind == "*":
            unknown = Unknown("unknown items", module=True)
            names[param], rest = unknown if Spread.ITEMS in kwargs else tuple(rest), []
        elif kind == "**":
            names[param], given = _further(given), {}
        elif param in given:
            names[param] = present(given.pop(param))
        elif Spread.KEYWORDS in kwargs or (Spread.ITEMS in kwargs and kind == "pos"):
            # Before the default: what is spread may or may not give this parameter.
            plain = found.default is None or isinstance(found.default, Const)
            module = not plain or Spread.ITEMS in kwargs or kwargs[Spread.KEYWORDS].module
            names[param] = Unknown(f"the argument {param} of {name}", module=module)
        elif defaults is not None and param in defaults:
            names[param] = defaults[param]
        elif found.default is not None:
            names[param] = _default(interp, found, found.default, env)
        else:
            missing.append(found)
    given.pop(Spread.KEYWORDS, None)
    given.pop(Spread.ITEMS, None)
    given = {key: value for key, value in given.items() if not may_be_absent(value)}
    if given:
        extra = next(iter(given))
        is_double = any(found.name == extra for found in params)
        return f"{name} got " + (
            f"multiple values for argument {extra!r}"
            if is_double
            else f"an unexpected keyword argument {extra!r}"
        )
    return _missing(name, missing) or (_too_many(name, params, len(args)) if rest else None)


def defaults_of(interp: Interpreter, params: list[Parameter], env: Env) -> dict[str, Value] | None:
    """Return what parameters are by default, evaluated as their function is defined; None where all are
    constants."""
    given = {
        param.name: interp.ev(param.default, env)
        for param in params
        if param.default is not None and not isinstance(param.default, Const)
    }
    return given or None


def function_of_lambda(interp: Interpreter, expr: LambdaExpr, env: Env) -> Lambda:
    """Return the function that a lambda expression gives."""
    return Lambda(expr.params, expr.body, env, defaults_of(interp, expr.params, env))


def add_keywords(kwargs: dict[str, Value], more: dict[str, Value]) -> None:
    """Give keyword arguments to a call. Raises the error of one that is given twice."""
    for name, value in more.items():
        if name not in kwargs or name is Spread.KEYWORDS:
            kwargs[name] = value
        elif not may_be_absent(value):
            raise RaisedError("TypeError", f"got multiple values for keyword argument {name!r}")


def spread(value: Value) -> dict[str, Value]:
    """Return ``**value`` among the arguments; ``Spread.KEYWORDS`` stands for what is unknown of it."""
    if isinstance(value, Instance):
        value = value.data
    if isinstance(value, dict):
        found = {name: item for name, item in value.items() if isinstance(name, str)}
        if any(isinstance(name, Unknown) for name in value):
            module, aliases = may_give_module(value), aliases_of([value])
            found[Spread.KEYWORDS] = Unknown("unknown keyword arguments", module, aliases=aliases)
        return found
    if value is None:
        return {}
    module = value.module if isinstance(value, Unknown) else True
    return {Spread.KEYWORDS: Unknown("unknown keyword arguments", module, aliases=aliases_of([value]))}


def _further(given: dict[str, Value]) -> dict[Value, Value]:
    """What ``**`` takes. What is spread and not known stands under a key that nobody knows, before the
    others: it has none of their names."""
    if Spread.KEYWORDS not in given:
        return {**given}
    unknown = Unknown("unknown keyword arguments", may_be_absent=True)
    return {unknown: given.pop(Spread.KEYWORDS), **given}


def refuse(wrong: str | None) -> None:
    """Raise what Python says of arguments that do not fit."""
    if wrong is not None:
        raise RaisedError("TypeError", wrong)


def _missing(name: str, missing: list[Parameter]) -> str | None:
    """What Python says of parameters that are given nothing: of positional ones first."""
    positional = [repr(found.name) for found in missing if found.kind == "pos"]
    names = positional or [repr(found.name) for found in missing]
    if not names:
        return None
    kind = (
        f"required {'positional' if positional else 'keyword-only'} argument{'s' if len(names) > 1 else ''}"
    )
    comma = "," if len(names) > 2 else ""
    listed = f"{', '.join(names[:-1])}{comma} and {names[-1]}" if len(names) > 1 else names[0]
    return f"{name} missing {len(names)} {kind}: {listed}"


def _too_many(name: str, params: list[Parameter], given: int) -> str:
    """What Python says of more positional arguments than there are parameters."""
    positional = [found for found in params if found.kind == "pos"]
    least = sum(found.default is None for found in positional)
    takes = str(len(positional)) if least == len(positional) else f"from {least} to {len(positional)}"
    plural, were = "s" if takes != "1" else "", "was" if given == 1 else "were"
    return f"{name} takes {takes} positional argument{plural} but {given} {were} given"


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
