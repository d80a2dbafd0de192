"""Lowered statements, run over symbolic values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tie_lint.interpreter import attributes, branches
from tie_lint.interpreter.base_values import ExhaustedError, External, RaisedError, Unknown, Value
from tie_lint.interpreter.builtin_types import iterate, truth_of
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.decorators import decorated
from tie_lint.interpreter.expressions import MOST_ROUNDS
from tie_lint.interpreter.operators import binary
from tie_lint.interpreter.subscripts import delete_item, set_item
from tie_lint.interpreter.values import Env, Function, Module, holds_module
from tie_lint.python.facts import Expr, FunctionFacts, Stmt

if TYPE_CHECKING:
    from tie_lint.interpreter.context import Interpreter

_BREAK, _CONTINUE = "break", "continue"


class Returned:
    """What a body hands back when it met a ``return``."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


# -- assignments --------------------------------------------------------------------------------------------


def _assign(interp: Interpreter, stmt: Stmt, env: Env) -> None:
    value = interp.ev(stmt[3], env)
    for target in stmt[2]:
        store(interp, target, value, env, stmt[1])


def _ann(interp: Interpreter, stmt: Stmt, env: Env) -> None:
    if stmt[4] is not None:
        store(interp, stmt[2], interp.ev(stmt[4], env), env, stmt[1])


def _aug(interp: Interpreter, stmt: Stmt, env: Env) -> None:
    _, at, target, sign, value = stmt
    current, change = interp.ev(target, env), interp.ev(value, env)
    if sign == "+" and isinstance(current, list):
        items = iterate(interp, change)
        if items is not None:
            current.extend(items)
        store(
            interp, target, Unknown("a list with unknown items", True) if items is None else current, env, at
        )
    elif sign == "+" and isinstance(current, Module):
        interp.call_method(current, "extend", change)
    elif sign == "|" and isinstance(current, dict) and isinstance(change, dict):
        current.update(change)
    else:
        store(interp, target, binary(sign, current, change), env, at)


def store(interp: Interpreter, target: Expr, value: Value, env: Env, at: Any = None) -> None:
    """Assign a value to a target."""
    kind = target[0]
    if kind == "name":
        env.names[target[1]] = value
    elif kind == "attr":
        attributes.set_attr(interp, interp.ev(target[1], env), target[2], value, at)
    elif kind == "index":
        set_item(interp, interp.ev(target[1], env), interp.ev(target[2], env), value)
    elif kind in ("tuple", "list"):
        _unpack(interp, target[1], value, env, at)
    elif kind == "star":
        store(interp, target[1], value, env, at)


def _unpack(interp: Interpreter, items: list[Expr], value: Value, env: Env, at: Any) -> None:
    values = iterate(interp, value)
    starred = next((i for i, item in enumerate(items) if item[0] == "star"), None)
    if values is None:
        for item in items:
            store(interp, item, Unknown("part of an unknown", module=getattr(value, "module", True)), env, at)
        return
    if starred is not None and len(values) >= len(items) - 1:
        after = len(items) - starred - 1
        middle = values[starred : len(values) - after]
        values = [*values[:starred], middle, *values[len(values) - after :]]
    if len(values) != len(items):
        raise RaisedError("ValueError", "cannot unpack")
    for item, part in zip(items, values, strict=True):
        store(interp, item, part, env, at)


def _del(interp: Interpreter, stmt: Stmt, env: Env) -> None:
    for target in stmt[2]:
        match target:
            case ["name", name]:
                env.names.pop(name, None)
            case ["attr", base, name]:
                attributes.delete_attr(interp, interp.ev(base, env), name)
            case ["index", base, index]:
                delete_item(interp, interp.ev(base, env), interp.ev(index, env))


# -- control flow -------------------------------------------------------------------------------------------


def _expr(interp: Interpreter, stmt: Stmt, env: Env) -> None:
    interp.call_at = stmt[1]
    interp.ev(stmt[2], env)


def _return(interp: Interpreter, stmt: Stmt, env: Env) -> Returned:
    return Returned(None if stmt[2] is None else interp.ev(stmt[2], env))


def _if(interp: Interpreter, stmt: Stmt, env: Env) -> Any:
    test = interp.ev(stmt[2], env)
    truth = truth_of(test)
    if truth is None:
        return _join(interp, stmt, getattr(test, "why", "a truth"), env)
    return interp.run(stmt[3] if truth else stmt[4], env)


def _join(interp: Interpreter, stmt: Stmt, why: str, env: Env) -> Any:
    """An ``if`` whose condition is unknown: whatever either branch may change becomes unknown.

    A branch that only raises is taken as not taken: a model that cannot be built ties nothing.
    """
    then, otherwise = stmt[3], stmt[4]
    if branches.only_raises(then):
        return interp.run(otherwise, env)
    if otherwise and branches.only_raises(otherwise):
        return interp.run(then, env)
    branches.havoc(interp, [*then, *otherwise], env, why)
    if branches.leaves(then) or branches.leaves(otherwise):
        interp.doubts.append(f"a return depends on {why}")
        return Returned(Unknown(why, module=True))
    return None


def _for(interp: Interpreter, stmt: Stmt, env: Env) -> Any:
    _, at, target, iterable, body, orelse = stmt
    source = interp.ev(iterable, env)
    values = iterate(interp, source)
    if values is None:
        store(interp, target, Unknown("an item of an unknown", module=getattr(source, "module", True)), env)
        return _join(interp, ["if", at, [], [*body, *orelse], []], "a loop over an unknown", env)
    for rounds, value in enumerate(values):
        if rounds >= MOST_ROUNDS:
            raise ExhaustedError(f"a loop of more than {MOST_ROUNDS} rounds")
        store(interp, target, value, env)
        result = interp.run(body, env)
        if result == _BREAK:
            return None
        if isinstance(result, Returned):
            return result
    return interp.run(orelse, env)


def _while(interp: Interpreter, stmt: Stmt, env: Env) -> Any:
    _, at, test, body, orelse = stmt
    for _ in range(MOST_ROUNDS):
        truth = truth_of(interp.ev(test, env))
        if truth is None:
            return _join(
                interp, ["if", at, [], [*body, *orelse], []], "a loop with an unknown condition", env
            )
        if not truth:
            return interp.run(orelse, env)
        result = interp.run(body, env)
        if result == _BREAK:
            return None
        if isinstance(result, Returned):
            return result
    raise ExhaustedError(f"a loop of more than {MOST_ROUNDS} rounds")


def _with(interp: Interpreter, stmt: Stmt, env: Env) -> Any:
    for item, target in stmt[2]:
        value = interp.ev(item, env)
        if target is not None:
            known = value if isinstance(value, Unknown) else Unknown("a context", module=holds_module(value))
            store(interp, target, known, env)
    return interp.run(stmt[3], env)


def _assert(interp: Interpreter, stmt: Stmt, env: Env) -> None:
    if truth_of(interp.ev(stmt[2], env)) is False:
        raise RaisedError("AssertionError")


# -- exceptions ---------------------------------------------------------------------------------------------


def _try(interp: Interpreter, stmt: Stmt, env: Env) -> Any:
    _, _, body, handlers, orelse, final = stmt
    depth, guarded = interp.depth, interp.guarded_imports
    interp.guarded_imports = guarded or any(_catches_imports(interp, handler, env) for handler in handlers)
    try:
        result = interp.run(body, env)
        interp.guarded_imports = guarded
        if result is None:
            result = interp.run(orelse, env)
    except RaisedError as error:
        interp.depth, interp.guarded_imports = depth, guarded
        result = _handle(interp, error, handlers, env)
    finished = interp.run(final, env)
    return result if finished is None else finished


def _catches_imports(interp: Interpreter, handler: list[Any], env: Env) -> bool:
    return handler[0] is None or _catches(interp.ev(handler[0], env), RaisedError("ModuleNotFoundError"))


def _handle(interp: Interpreter, error: RaisedError, handlers: list[Any], env: Env) -> Any:
    for kind, name, body in handlers:
        if kind is None or _catches(interp.ev(kind, env), error):
            if name is not None:
                env.names[name] = Unknown(str(error))
            env.names["__error__"] = error
            return interp.run(body, env)
    raise error


def _catches(kind: Value, error: RaisedError) -> bool:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    wanted = {item.leaf if isinstance(item, (Class, External)) else "Exception" for item in kinds}
    return bool(wanted & _ancestors(error.kind))


def _raise(interp: Interpreter, stmt: Stmt, env: Env) -> None:
    if stmt[2] is None or stmt[2][0] == "name":
        current = env.find("__error__")
        if current is not None:
            raise current.names["__error__"]
    expr = stmt[2] or ["name", "RuntimeError"]
    kind = interp.ev(expr[1] if expr[0] == "call" else expr, env)
    message = interp.ev(expr[2][0], env) if expr[0] == "call" and expr[2] else ""
    name = kind.leaf if isinstance(kind, (Class, External)) else "Exception"
    raise RaisedError(name, message if isinstance(message, str) else "")


_EXCEPTIONS = {
    "NotImplementedError": "RuntimeError",
    "RecursionError": "RuntimeError",
    "ModuleNotFoundError": "ImportError",
    "KeyError": "LookupError",
    "IndexError": "LookupError",
    "ZeroDivisionError": "ArithmeticError",
    "OverflowError": "ArithmeticError",
    "FileNotFoundError": "OSError",
}


def _ancestors(kind: str) -> set[str]:
    found = {kind, "Exception", "BaseException"}
    while kind in _EXCEPTIONS:
        kind = _EXCEPTIONS[kind]
        found.add(kind)
    return found


# -- definitions --------------------------------------------------------------------------------------------


def _def(interp: Interpreter, stmt: Stmt, env: Env) -> None:
    facts = FunctionFacts.from_json(stmt[2])
    env.names[facts.name] = decorated(interp, Function(facts, env.scope, env.owner, env))


def _import(interp: Interpreter, stmt: Stmt, env: Env) -> None:
    for name, module, level, attribute in stmt[2]:
        if interp.guarded_imports and env.scope.import_fails(module, level, attribute):
            raise RaisedError("ModuleNotFoundError", module)
        env.names[name] = interp.resolver.imported(env.scope, module, level, attribute)


def _opaque(interp: Interpreter, stmt: Stmt, env: Env) -> None:
    interp.doubts.append(f"a statement that is not understood: {stmt[2]}")


STATEMENTS: dict[str, Callable[[Interpreter, Stmt, Env], Any]] = {
    "assign": _assign,
    "ann": _ann,
    "aug": _aug,
    "expr": _expr,
    "return": _return,
    "if": _if,
    "for": _for,
    "while": _while,
    "with": _with,
    "try": _try,
    "raise": _raise,
    "del": _del,
    "assert": _assert,
    "break": lambda interp, stmt, env: _BREAK,
    "continue": lambda interp, stmt, env: _CONTINUE,
    "def": _def,
    "import": _import,
    "opaque": _opaque,
}
"""How each kind of statement is run. The result is None, a loop signal, or a :class:`Returned`."""
