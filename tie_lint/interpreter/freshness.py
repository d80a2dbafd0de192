"""What an expression in a branch that may not run would give, found out without running it."""

from __future__ import annotations

import functools
import operator
from typing import NamedTuple

from tie_lint.interpreter.aliases import aliases_of
from tie_lint.interpreter.base_values import (
    ANYTHING_KNOWN,
    External,
    Made,
    Native,
    Origin,
    RaisedError,
    Unknown,
    Value,
)
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.laziness import may_escape
from tie_lint.interpreter.origins import of_call, one_of
from tie_lint.interpreter.roots import ROOTS, bases_of
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.values import Env, may_give_module
from tie_lint.python import nodes
from tie_lint.python.nodes import Expr
from tie_lint.python.statements import Assign, AugAssign, Import, Stmt
from tie_lint.python.walk import assigned_names, calls, names, statements, walk


class Gift(NamedTuple):
    """What a value may be: a module or not, its origin, None where it may be a part of the model, and what it
    may be that the run knows by another name (``Unknown.aliases``)."""

    module: bool
    origin: Origin | None
    aliases: int = 0


ANYTHING = Gift(True, None, ANYTHING_KNOWN)
NOTHING = Gift(False, Origin(frozenset(), frozenset()))


def new_origin() -> Origin:
    """Return the origin of a module that is made for one place alone, and shares nothing."""
    return Origin(frozenset({Made()}), frozenset())


def gift_of(interp: Interpreter, expr: Expr, env: Env) -> Gift:
    """Return what an expression may give. Only names, attributes and items are looked up for that."""
    match expr:
        case nodes.Const() | nodes.FString() | nodes.Compare() | nodes.LambdaExpr() | nodes.Unary():
            return NOTHING
        case nodes.Name() | nodes.Attr() | nodes.Index() if not any(True for _ in calls([expr])):
            try:
                return gift_of_value(interp, interp.ev(expr, env))
            except RaisedError:
                return ANYTHING
        case nodes.IfExpr(_, then, otherwise):
            return either([gift_of(interp, part, env) for part in (then, otherwise)])
        case nodes.Bool(_, items):
            return either([gift_of(interp, item, env) for item in items])
        case nodes.Binary(left=left, right=right):
            return either([gift_of(interp, part, env) for part in (left, right)])
        case nodes.Call():
            return _of_call(interp, expr, env)._replace(aliases=_aliases_of_call(interp, expr, env))
    return ANYTHING


def either(gifts: list[Gift]) -> Gift:
    """Return what one of several may be."""
    aliases = functools.reduce(operator.or_, (gift.aliases for gift in gifts), 0)
    gifts = [gift for gift in gifts if gift.module]
    origins = [gift.origin for gift in gifts if gift.origin is not None]
    if not gifts or len(origins) < len(gifts):
        return (ANYTHING if gifts else NOTHING)._replace(aliases=aliases)
    holds = frozenset[object]().union(*(origin.holds for origin in origins))
    makers = frozenset[object]().union(*(origin.makers for origin in origins))
    return Gift(True, Origin(holds, makers), aliases)


def gift_of_value(interp: Interpreter, value: Value) -> Gift:
    """Return what a value may be that is there already."""
    if isinstance(value, Unknown):
        gift = Gift(True, value.origin) if value.module or value.may_be_absent else NOTHING
    else:
        gift = Gift(True, one_of(interp, [value], "").origin) if may_give_module(value) else NOTHING
    aliases = aliases_of([value])
    return gift._replace(aliases=aliases) if aliases else gift


def gifts_to_names(interp: Interpreter, body: list[Stmt], env: Env) -> dict[str, Gift]:
    """Return what names may stand for after statements that may not run: those of which that is known.

    They are names that are imported, or given what other names stand for that the statements leave alone.
    """
    given = {name for name, _ in assigned_names(body)}
    found: dict[str, list[Gift]] = {name: [] for name in given}
    for stmt in statements(body):
        match stmt:
            case Import(names=bindings):
                for one in bindings:
                    value = interp.resolver.imported(env.scope, one.module, one.level, one.attribute)
                    found[one.name].append(gift_of_value(interp, value))
            case (
                Assign(targets=[nodes.Name(name)], value=value)
                | AugAssign(target=nodes.Name(name), value=value)
            ):
                gift = gift_of(interp, value, env)
                stays = _stands_still(value, given)
                found[name].append(gift if stays else ANYTHING._replace(aliases=gift.aliases))
            case _:
                for name, _ in assigned_names([stmt]):
                    found[name].append(ANYTHING)
    for name, gifts in found.items():
        holder = env.find(name)
        if holder is not None:
            gifts.append(gift_of_value(interp, holder.names[name]))
    return {name: either(gifts) for name, gifts in found.items()}


def _stands_still(value: Expr, given: set[str]) -> bool:
    """Whether a value is the same wherever it stands among statements that give names something."""
    looks = not isinstance(value, nodes.Call) and any(type(node) in _PLACES for node in walk(value))
    return not looks and given.isdisjoint(names(value))


_PLACES = (nodes.Attr, nodes.Index)


def _of_call(interp: Interpreter, call: nodes.Call, env: Env) -> Gift:
    """A class that shares nothing by itself, and is given nothing to share, makes something of its own."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if any(gift_of(interp, item, env).module for item in given if not _is_config(interp, item, env)):
        return ANYTHING
    if any(True for _ in calls([call.function])):
        return ANYTHING
    function = interp.guarded(lambda: interp.ev(call.function, env))
    if isinstance(function, Unknown) and not function.module and not isinstance(function, Symbol):
        return NOTHING
    if isinstance(function, Class) and function.is_module:
        shares = function.is_model or may_escape(interp, function)
        return ANYTHING if shares else Gift(True, new_origin())
    if isinstance(function, External):
        roots = [ROOTS[base].kind for base in bases_of(function.name) if base in ROOTS]
        if "module" in roots:
            return Gift(True, new_origin())
    if isinstance(function, (External, Unknown)):
        may_build_model = any(_may_bring_config(interp, item, env) for item in given)
        return ANYTHING if may_build_model or of_call(function, [], {}) is None else Gift(True, new_origin())
    if isinstance(function, Native) and function.name in _OF_NUMBERS:
        return NOTHING
    return ANYTHING


def _aliases_of_call(interp: Interpreter, call: nodes.Call, env: Env) -> int:
    """What a call may hand out that the run knows: of code that is not read, what that is given."""
    if any(True for _ in calls([call.function])):
        return ANYTHING_KNOWN
    function = interp.guarded(lambda: interp.ev(call.function, env))
    if not isinstance(function, (Class, External)) and not (
        isinstance(function, Unknown) and not function.aliases
    ):
        return ANYTHING_KNOWN
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return either([gift_of(interp, item, env) for item in given]).aliases


def _is_config(interp: Interpreter, expr: Expr, env: Env) -> bool:
    if not isinstance(expr, (nodes.Name, nodes.Attr)):
        return False
    cls = getattr(interp.guarded(lambda: interp.ev(expr, env)), "cls", None)
    return isinstance(cls, Class) and cls.is_config


def _may_bring_config(interp: Interpreter, expr: Expr, env: Env) -> bool:
    """Whether an argument may bring a config, not only a number or name out of one."""
    if not any("config" in name for name in names(expr)):
        return False
    if not isinstance(expr, nodes.Attr) or any(True for _ in calls([expr])):
        return True
    return not isinstance(interp.guarded(lambda: interp.ev(expr, env)), (bool, int, float, str))


_OF_NUMBERS = frozenset({"len", "max", "min", "sum", "abs", "isinstance", "hasattr", "any", "all", "range"})
