"""Lowered statements, run over symbolic values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tie_lint.cause import Cause
from tie_lint.interpreter import assignments, branches
from tie_lint.interpreter.aliases import aliases_of
from tie_lint.interpreter.arguments import defaults_of
from tie_lint.interpreter.base_values import (
    ExhaustedError,
    External,
    RaisedError,
    Unknown,
    UnknownItemsError,
    Value,
    cause_of,
)
from tie_lint.interpreter.branches import Returned, join
from tie_lint.interpreter.budget import tick
from tie_lint.interpreter.builtin_types import one_by_one, truth_of
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.comprehensions import MOST_ROUNDS
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.contexts import enter, leave
from tie_lint.interpreter.decorators import decorated
from tie_lint.interpreter.definitions import define_class
from tie_lint.interpreter.exceptions import catches
from tie_lint.interpreter.matching import irrefutable, matches
from tie_lint.interpreter.spot import because
from tie_lint.interpreter.symbols import sample_of
from tie_lint.interpreter.values import Env, Function, Instance
from tie_lint.python.nodes import Call, Name
from tie_lint.python.statements import (
    Alias,
    AnnAssign,
    Assert,
    Assign,
    AugAssign,
    Break,
    ClassDef,
    Continue,
    Def,
    Delete,
    ExprStmt,
    For,
    Global,
    Handler,
    If,
    Import,
    Match,
    Nonlocal,
    OpaqueStmt,
    Raise,
    Return,
    Stmt,
    Try,
    TypeAliasStmt,
    While,
    With,
)

BREAK, CONTINUE = "break", "continue"
"""What a loop's body gives that leaves it, or goes on with the next round."""


# -- control flow -------------------------------------------------------------------------------------------


def _expr(interp: Interpreter, stmt: ExprStmt, env: Env) -> None:
    interp.call_at = stmt.at
    interp.ev(stmt.value, env)


def _return(interp: Interpreter, stmt: Return, env: Env) -> Returned:
    return Returned(None if stmt.value is None else interp.ev(stmt.value, env))


def _if(interp: Interpreter, stmt: If, env: Env) -> Any:
    while True:
        test = interp.ev(stmt.test, env)
        truth = truth_of(test)
        if truth is None:
            return join(interp, [stmt.body, stmt.orelse], cause_of(test), env)
        block = stmt.body if truth else stmt.orelse
        if not (len(block) == 1 and type(block[0]) is If):
            return interp.run(block, env)
        stmt = block[0]  # an ``elif``, of which there may be a thousand


def _match(interp: Interpreter, stmt: Match, env: Env) -> Any:
    """The first case that matches; where that is unknown, any of those that may."""
    subject = interp.ev(stmt.subject, env)
    bodies: list[list[Stmt]] = []
    for case in stmt.cases:
        matched = matches(interp, case.pattern, subject, env)
        if matched is not False and case.guard is not None:
            guard = truth_of(interp.ev(case.guard, env))
            matched = guard if matched or guard is False else None
        if matched is False:
            continue
        bodies.append(case.body)
        if matched or (case.guard is None and irrefutable(case.pattern)):
            break
    else:
        bodies.append([])
    return join(interp, bodies, cause_of(subject), env)


def _for(interp: Interpreter, stmt: For, env: Env) -> Any:
    target, body, orelse = stmt.target, stmt.body, stmt.orelse
    source = interp.ev(stmt.iterable, env)
    values = None if stmt.is_async else sample_of(interp, source) or one_by_one(interp, source)
    if values is None:
        return _more_rounds(interp, stmt, source, cause_of(source), env)
    rounds = 0
    try:
        for value in values:
            rounds += 1
            if rounds > MOST_ROUNDS:
                raise ExhaustedError(f"a loop of more than {MOST_ROUNDS} rounds")
            tick()
            assignments.store(interp, target, value, env)
            result = interp.run(body, env)
            if result == BREAK:
                return None
            if isinstance(result, Returned):
                return result
    except UnknownItemsError as error:
        return _more_rounds(interp, stmt, source, error.why, env)
    return interp.run(orelse, env)


def _more_rounds(interp: Interpreter, stmt: For, source: Value, why: Cause, env: Env) -> Any:
    """The rounds of a loop whose items nobody knows."""
    module, aliases = getattr(source, "module", True), aliases_of([source])
    item = Unknown(because("an item of {}", why), module, aliases=aliases)
    assignments.store(interp, stmt.target, item, env)
    return join(interp, [[*stmt.body, *stmt.orelse], []], because("a loop over {}", why), env)


def _while(interp: Interpreter, stmt: While, env: Env) -> Any:
    body, orelse = stmt.body, stmt.orelse
    for _ in range(MOST_ROUNDS):
        tick()
        test = interp.ev(stmt.test, env)
        truth = truth_of(test)
        if truth is None:
            return join(interp, [[*body, *orelse], []], because("a loop while {}", cause_of(test)), env)
        if not truth:
            return interp.run(orelse, env)
        result = interp.run(body, env)
        if result == BREAK:
            return None
        if isinstance(result, Returned):
            return result
    raise ExhaustedError(f"a loop of more than {MOST_ROUNDS} rounds")


def _with(interp: Interpreter, stmt: With, env: Env) -> Any:
    contexts = enter(interp, stmt, env)
    try:
        result = interp.run(stmt.body, env)
    except RaisedError as error:
        leave(interp, contexts, error)
        return None
    leave(interp, contexts, None)
    return result


def _assert(interp: Interpreter, stmt: Assert, env: Env) -> None:
    if truth_of(interp.ev(stmt.test, env)) is False:
        message = "" if stmt.message is None else interp.ev(stmt.message, env)
        raise RaisedError("AssertionError", message if isinstance(message, str) else "")


# -- exceptions ---------------------------------------------------------------------------------------------


def _try(interp: Interpreter, stmt: Try, env: Env) -> Any:
    provided = _provided_for(interp, stmt.handlers, env)
    optional = next((name.module for name in _imports(stmt.body) if _may_fail(name, env)), None)
    if optional is not None and "ModuleNotFoundError" in provided:
        bodies = [[*stmt.body, *stmt.orelse], *(handler.body for handler in stmt.handlers)]
        result = join(interp, bodies, f"whether {optional} is installed", env)
        finished = interp.run(stmt.final, env)
        return result if finished is None else finished
    depth = interp.depth
    try:
        result = _body_or_handler(interp, stmt, provided, env)
    except RaisedError:
        interp.depth = depth
        finished = interp.run(stmt.final, env)
        if finished is None:
            raise
        return finished
    finished = interp.run(stmt.final, env)
    return result if finished is None else finished


def _body_or_handler(interp: Interpreter, stmt: Try, provided: set[str], env: Env) -> Any:
    """The body and what comes ``else``, or the handler of what the body raises."""
    depth, before, attempts = interp.depth, interp.provided_for, interp.attempts
    interp.provided_for = before | provided
    interp.attempts += bool(stmt.handlers)
    try:
        result = interp.run(stmt.body, env)
    except RaisedError as error:
        interp.depth, interp.provided_for, interp.attempts = depth, before, attempts
        return interp.run(handler_of(interp, error, stmt.handlers, env), env)
    interp.provided_for, interp.attempts = before, attempts
    return interp.run(stmt.orelse, env) if result is None else result


def _imports(body: list[Stmt]) -> Iterator[Alias]:
    return (name for stmt in body if isinstance(stmt, Import) for name in stmt.names)


def _may_fail(name: Alias, env: Env) -> bool:
    return env.scope.import_fails(name.module, name.level, name.attribute) is None


def _provided_for(interp: Interpreter, handlers: list[Handler], env: Env) -> set[str]:
    """Return the errors that handlers take, of those that matter: what nobody provides for being missing
    is taken to be there."""
    kinds = [None if one.type is None else interp.ev(one.type, env) for one in handlers]
    errors = map(
        RaisedError, ("ModuleNotFoundError", "AttributeError", "KeyError", "IndexError", "ValueError")
    )
    return {error.kind for error in errors if any(kind is None or catches(kind, error) for kind in kinds)}


def handler_of(interp: Interpreter, error: RaisedError, handlers: list[Handler], env: Env) -> list[Stmt]:
    """Return the body of the handler that takes an error. Raises the error where none does."""
    for handler in handlers:
        if handler.type is None or catches(interp.ev(handler.type, env), error):
            if handler.name is not None:
                env.names[handler.name] = error.caught
            env.names["__error__"] = error.kept()
            return handler.body
    raise error


def _raise(interp: Interpreter, stmt: Raise, env: Env) -> None:
    expr = stmt.error or Name("RuntimeError")
    kind = interp.ev(expr.function if isinstance(expr, Call) else expr, env)
    current = env.find("__error__")
    if current is not None:
        error: RaisedError = current.names["__error__"]
        if stmt.error is None or kind is error.caught:
            raise error
    message = interp.ev(expr.args[0], env) if isinstance(expr, Call) and expr.args else ""
    kind = kind.cls if isinstance(kind, Instance) else kind
    name = kind.leaf if isinstance(kind, (Class, External)) else "Exception"
    above = frozenset(item.leaf for item in kind.mro) if isinstance(kind, Class) else frozenset[str]()
    raise RaisedError(name, message if isinstance(message, str) else "", above)


# -- definitions --------------------------------------------------------------------------------------------


def _def(interp: Interpreter, stmt: Def, env: Env) -> None:
    facts = stmt.function
    defaults = defaults_of(interp, facts.params, env)
    env.names[facts.name] = decorated(interp, Function(facts, env.scope, env.owner, env, defaults))


def _class_def(interp: Interpreter, stmt: ClassDef, env: Env) -> None:
    if stmt.decorators:
        _not_followed(interp, stmt, env)
    else:
        env.names[stmt.name] = define_class(interp, stmt, env, "<locals>")


def _declared(interp: Interpreter, stmt: Global | Nonlocal, env: Env) -> None:
    """A declaration holds for its whole function: the call has seen to it."""


def _import(interp: Interpreter, stmt: Import, env: Env) -> None:
    for name in stmt.names:
        found = name.module, name.level, name.attribute
        if "ModuleNotFoundError" in interp.provided_for and env.scope.import_fails(*found) is not False:
            raise RaisedError("ModuleNotFoundError", name.module)
        env.names[name.name] = interp.resolver.imported(env.scope, *found)


def _not_followed(interp: Interpreter, stmt: Stmt, env: Env) -> None:
    """A statement that is not followed: what it binds becomes unknown, and it may have done anything."""
    what = stmt.what if isinstance(stmt, OpaqueStmt) else type(stmt).__name__
    branches.havoc(interp, [stmt], env, what)
    interp.doubt(f"a statement that is not understood: {what}")


STATEMENTS: dict[type[Stmt], Callable[[Interpreter, Any, Env], Any]] = {
    Assign: assignments.assign,
    AnnAssign: assignments.assign_annotated,
    AugAssign: assignments.assign_augmented,
    ExprStmt: _expr,
    Return: _return,
    If: _if,
    For: _for,
    While: _while,
    With: _with,
    Try: _try,
    Match: _match,
    Raise: _raise,
    Delete: assignments.delete,
    Assert: _assert,
    Break: lambda interp, stmt, env: BREAK,
    Continue: lambda interp, stmt, env: CONTINUE,
    Global: _declared,
    Nonlocal: _declared,
    Def: _def,
    ClassDef: _class_def,
    Import: _import,
    TypeAliasStmt: lambda interp, stmt, env: env.names.update({stmt.name: Unknown("a type")}),
    OpaqueStmt: _not_followed,
}
"""How each kind of statement is run. The result is None, a loop signal, or a :class:`Returned`."""
