"""Assigning to names, attributes and items, and deleting them."""

from __future__ import annotations

from typing import Any

from tie_lint.interpreter import attribute_changes
from tie_lint.interpreter.aliases import aliases_of, doubt_attribute, doubt_item
from tie_lint.interpreter.base_values import RaisedError, Unknown, Value, cause_of
from tie_lint.interpreter.builtin_types import iterate
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.in_place import changed_in_place
from tie_lint.interpreter.operators import binary
from tie_lint.interpreter.spot import because
from tie_lint.interpreter.subscripts import delete_item, set_item
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.values import Env, Module
from tie_lint.python.nodes import Attr, Expr, Index, List, Name, Star, Tuple
from tie_lint.python.statements import AnnAssign, Assign, AugAssign, Delete


def assign(interp: Interpreter, stmt: Assign, env: Env) -> None:
    """Run ``target = value``."""
    value = interp.ev(stmt.value, env)
    for target in stmt.targets:
        store(interp, target, value, env, stmt.at)


def assign_annotated(interp: Interpreter, stmt: AnnAssign, env: Env) -> None:
    """Run ``target: annotation = value``."""
    if stmt.value is not None:
        store(interp, stmt.target, interp.ev(stmt.value, env), env, stmt.at)


def assign_augmented(interp: Interpreter, stmt: AugAssign, env: Env) -> None:
    """Run ``target += value``, and its like."""
    current, change = interp.ev(stmt.target, env), interp.ev(stmt.value, env)
    if stmt.operator == "*" or not isinstance(change, (int, float, str)):
        doubt_item(interp, current)
    result = changed_in_place(interp, stmt.operator, current, change)
    if result is NotImplemented:
        result = binary(interp, stmt.operator, current, change)
    if not isinstance(current, Module) or result is not current:
        store(interp, stmt.target, result, env, stmt.at)


def store(interp: Interpreter, target: Expr, value: Value, env: Env, at: Any = None) -> None:
    """Assign a value to a target."""
    if type(target) is Name:
        env.names[target.name] = value
        return
    match target:
        case Attr(base, name):
            owner = interp.ev(base, env)
            doubt_attribute(interp, owner)
            attribute_changes.set_attr(interp, owner, name, value, at)
        case Index(base, index):
            owner, key = interp.ev(base, env), interp.ev(index, env)
            doubt_item(interp, owner)
            set_item(interp, owner, key, value)
        case Tuple(items) | List(items):
            _unpack(interp, items, value, env, at)
        case Star(inner):
            store(interp, inner, value, env, at)


def _unpack(interp: Interpreter, items: list[Expr], value: Value, env: Env, at: Any) -> None:
    values = iterate(interp, value)
    starred = next((i for i, item in enumerate(items) if isinstance(item, Star)), None)
    if isinstance(value, Symbol) and starred is None:
        for index, item in enumerate(items):
            store(interp, item, Symbol(f"{value.name}[{index}]"), env, at)
        return
    if values is None:
        for item in items:
            why, module = because("part of {}", cause_of(value)), getattr(value, "module", True)
            store(interp, item, Unknown(why, module, aliases=aliases_of([value])), env, at)
        return
    if starred is not None and len(values) >= len(items) - 1:
        after = len(items) - starred - 1
        middle = values[starred : len(values) - after]
        values = [*values[:starred], middle, *values[len(values) - after :]]
    if len(values) != len(items):
        few = f"not enough values to unpack (expected {len(items)}, got {len(values)})"
        many = f"too many values to unpack (expected {len(items)})"
        raise RaisedError("ValueError", few if len(values) < len(items) else many)
    for item, part in zip(items, values, strict=True):
        store(interp, item, part, env, at)


def delete(interp: Interpreter, stmt: Delete, env: Env) -> None:
    """Run ``del target``."""
    for target in stmt.targets:
        match target:
            case Name(name):
                env.names.pop(name, None)
            case Attr(base, name):
                owner = interp.ev(base, env)
                doubt_attribute(interp, owner)
                attribute_changes.delete_attr(interp, owner, name)
            case Index(base, index):
                owner, key = interp.ev(base, env), interp.ev(index, env)
                doubt_item(interp, owner)
                delete_item(interp, owner, key)
