"""Built-in functions that see the names around their call: ``globals``, ``eval`` and the like."""

from __future__ import annotations

from collections.abc import Callable

from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.base_values import UNBOUND, Native, RaisedError, Unknown, Value
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.namespace import Namespace
from tie_lint.interpreter.register import HANDLERS, Handler
from tie_lint.interpreter.values import Env
from tie_lint.python.nodes import Name
from tie_lint.record import Record

MOST_DOTS = 20
"""The dots of a name that is evaluated."""


class Globals(Record):
    """What ``globals()`` returns: the names of a module, found when they are asked for."""

    scope: Namespace


class _GlobalsHandler(Handler):
    def item(self, interp: Interpreter, value: Globals, index: Value) -> Value:
        if not isinstance(index, str):
            return Unknown("one of the names of a module", module=True)
        found = value.scope.lookup(index)
        if found is UNBOUND:
            raise RaisedError("KeyError", index)
        return found

    def attribute(self, interp: Interpreter, value: Globals, name: str) -> Value:
        if name == "get":
            return Native(name, lambda interp, key, default=None: _get(interp, value, key, default))
        return Unknown(f"globals().{name}", module=True)


HANDLERS[Globals] = _GlobalsHandler()


def _get(interp: Interpreter, names: Globals, key: Value, default: Value) -> Value:
    try:
        return HANDLERS[Globals].item(interp, names, key)
    except RaisedError:
        return default


def _locals(interp: Interpreter, env: Env | None = None) -> Value:
    return dict(env.names) if isinstance(env, Env) else Unknown("locals")


def _globals(interp: Interpreter, env: Env | None = None) -> Value:
    return Globals(env.scope) if isinstance(env, Env) else Unknown("globals", module=True)


def _eval(interp: Interpreter, source: Value, *names: Value, env: Env | None = None) -> Value:
    """``eval`` of a dotted name; anything else is not evaluated."""
    parts = source.strip().split(".") if isinstance(source, str) else []
    if not 0 < len(parts) <= MOST_DOTS or not all(map(str.isidentifier, parts)) or names or env is None:
        interp.doubt("eval")
        return Unknown("eval(…)", module=True)
    value = interp.ev(Name(parts[0]), env)
    for part in parts[1:]:
        value = get_attr(interp, value, part)
    return value


def _exec(interp: Interpreter, source: Value, *names: Value, env: Env | None = None) -> None:
    """``exec`` of what nobody reads."""
    interp.doubt("exec")


def _import(interp: Interpreter, name: Value, *more: Value, env: Env | None = None) -> Value:
    if not isinstance(name, str) or more or env is None:
        return Unknown("__import__(…)", module=True)
    return interp.resolver.imported(env.scope, name.partition(".")[0], 0, None)


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "locals": _locals,
    "globals": _globals,
    "eval": _eval,
    "exec": _exec,
    "__import__": _import,
}

READING_ENVIRONMENT = {
    name: Native(name, function, reads_environment=True) for name, function in _FUNCTIONS.items()
}
"""By their names."""
