"""Statements that may or may not run: what they could change becomes unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tie_lint.interpreter import attributes
from tie_lint.interpreter.base_values import External, Native, Unknown, Value
from tie_lint.interpreter.classes import Class, assigned_names
from tie_lint.interpreter.subscripts import set_item
from tie_lint.interpreter.values import Bound, Env, Function, Instance, Lambda, Module, holds_module
from tie_lint.python.effects import CHANGING, calls
from tie_lint.python.facts import Expr, Stmt

if TYPE_CHECKING:
    from tie_lint.interpreter.context import Interpreter


def only_raises(body: list[Stmt]) -> bool:
    """Whether statements end by raising."""
    return bool(body) and body[-1][0] == "raise"


def leaves(body: list[Stmt]) -> bool:
    """Whether statements may return from their function, or leave the loop around them."""
    return any(
        stmt[0] in ("return", "break", "continue") or any(leaves(inner) for inner in _blocks(stmt))
        for stmt in body
    )


def havoc(interp: Interpreter, body: list[Stmt], env: Env, why: str) -> None:
    """Make unknown all that the statements could change."""
    called = list(calls(body))
    known = [_called(interp, call, env) for call in called]
    for name, _ in assigned_names(body):
        env.names[name] = Unknown(why, module=True)
    for target, made in _attribute_effects(body):
        _havoc_target(interp, target, made, env, why)
    if any(_has_effect(interp, function, call, env) for function, call in zip(known, called, strict=True)):
        interp.doubts.append(f"a call depends on {why}")


def _havoc_target(interp: Interpreter, target: Expr, made: bool, env: Env, why: str) -> None:
    owner = interp.ev(target[1], env)
    if isinstance(owner, (Module, Instance)) and target[0] == "attr":
        attributes.set_attr(interp, owner, target[2], Unknown(why, module=made))
    elif isinstance(owner, (dict, list, Instance)) and target[0] == "index":
        set_item(interp, owner, interp.ev(target[2], env), Unknown(why, module=made))
    elif target[-1] not in _HARMLESS_ATTRIBUTES:
        interp.doubts.append(f"an effect depends on {why}")


_HARMLESS_ATTRIBUTES = ("requires_grad", "data", "weight.data")


# -- calls --------------------------------------------------------------------------------------------------


def _called(interp: Interpreter, call: Expr, env: Env) -> Value:
    """What a call in a branch calls, where that takes no more than names and attributes to know."""
    expr = call[1]
    while expr[0] == "attr":
        expr = expr[1]
    if expr[0] != "name":
        return Unknown("a computed function", module=True)
    return interp.guarded(lambda: interp.ev(call[1], env))


def _has_effect(interp: Interpreter, function: Value, call: Expr, env: Env) -> bool:
    """Whether calling something may change what is shared."""
    if isinstance(function, (Class, External)) or (isinstance(function, Native) and not call[2]):
        return False
    receiver = function.this if isinstance(function, Bound) else getattr(function, "__self__", None)
    if isinstance(receiver, (list, dict, set)):
        return getattr(function, "__name__", "") in CHANGING
    if isinstance(function, Bound) and isinstance(function.function, Native):
        return isinstance(receiver, Module) and function.function.name not in _HARMLESS_METHODS
    if isinstance(receiver, Module):
        return True
    if isinstance(function, Unknown) and not function.module:
        return False
    if not isinstance(function, (Unknown, Function, Lambda, Bound, Native)):
        return False
    arguments = [*call[2], *(value for _, value in call[3])]
    return any(_gives_module(interp, argument, env) for argument in arguments)


def _gives_module(interp: Interpreter, argument: Expr, env: Env) -> bool:
    expr = argument[1] if argument[0] == "star" else argument
    value = interp.guarded(lambda: interp.ev(expr, env))
    return holds_module(value) or (isinstance(value, Unknown) and value.module)


_HARMLESS_METHODS = frozenset(
    {"to", "half", "float", "double", "bfloat16", "eval", "train", "cuda", "cpu", "requires_grad_", "type"}
    | {"register_buffer", "children", "named_children", "modules", "named_modules", "parameters"}
    | {"named_parameters", "get_submodule", "get_parameter", "__len__", "keys", "values", "items"}
    | {"zero_grad", "_init_weights", "_initialize_weights", "gradient_checkpointing_enable"}
)


# -- walking ------------------------------------------------------------------------------------------------


def _blocks(stmt: Stmt) -> Iterator[list[Stmt]]:
    """The bodies inside a statement."""
    match stmt:
        case ["if" | "while", _, _, inner, orelse] | ["for", _, _, _, inner, orelse]:
            yield from (inner, orelse)
        case ["with", _, _, inner]:
            yield inner
        case ["try", _, inner, handlers, orelse, final]:
            yield from (inner, *(handler[2] for handler in handlers), orelse, final)


def _attribute_effects(body: list[Stmt]) -> Iterator[tuple[Expr, bool]]:
    """The attributes and items that statements may change, and whether the value may be a module."""
    for stmt in body:
        match stmt:
            case ["assign", _, targets, value]:
                made = value[0] not in ("const", "fstr", "cmp")
                yield from ((place, made) for target in targets for place in _places(target))
            case ["aug", _, target, _, _] | ["ann", _, target, _, _]:
                yield from ((place, True) for place in _places(target))
            case ["del", _, targets]:
                yield from ((place, True) for target in targets for place in _places(target))
        for inner in _blocks(stmt):
            yield from _attribute_effects(inner)


def _places(target: Expr) -> Iterator[Expr]:
    if target[0] in ("attr", "index"):
        yield target
    elif target[0] in ("tuple", "list"):
        for item in target[1]:
            yield from _places(item)
    elif target[0] == "star":
        yield from _places(target[1])
