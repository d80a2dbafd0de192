"""The statements that building a module of a class may run, as far as its text tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tie_lint.interpreter.classes import Class
from tie_lint.intrinsics.torch.bodies import Body, Closure, Nodes, is_own
from tie_lint.python.nodes import Attr, Call
from tie_lint.python.statements import NOWHERE, Def, ExprStmt, Stmt
from tie_lint.python.walk import expressions, last_name, statements, walk


def construction(cls: Class) -> Iterator[Body]:
    """Yield the bodies that construction may run.

    ``__init__`` and whatever attributes of ``self`` they read: methods, and the values of class attributes.
    """
    todo, seen = ["__init__"], {"__init__"}
    while todo:
        name = todo.pop()
        for item in cls.mro:
            body = body_of(item, name) if isinstance(item, Class) else None
            if isinstance(item, Class) and body is not None:
                one = Body(Closure.of(item.scope, item.closure), body, item.method(name), name)
                yield one
                read = {node.name for node in one.nodes.of(Attr) if is_own(node.base)} - seen
                seen |= read
                todo.extend(sorted(read))


def used_results(body: list[Stmt]) -> Iterator[str]:
    """Yield the attributes of ``self`` and ``super()`` that statements read other than to call them and drop
    the result."""
    for stmt in statements(body):
        match stmt:
            case ExprStmt(value=Call(Attr(base), args, keywords)) if is_own(base):
                parts: list[Any] = [*args, *keywords]
            case Def(function=function):
                parts = [function]
            case _:
                parts = list(expressions(stmt))
        yield from (node.name for node in walk(parts) if type(node) is Attr and is_own(node.base))


def run_methods(nodes: Nodes) -> Iterator[str]:
    """Yield the attributes of ``self`` and ``super()`` that are called, or given to what calls them at once;
    what is only kept for later, as a hook, does not run."""
    for call in nodes.of(Call):
        called = [call.function, *(call.args if last_name(call.function) in _CALLING else ())]
        yield from (one.name for one in called if isinstance(one, Attr) and is_own(one.base))


_CALLING = frozenset({"apply", "map", "filter"})


def body_of(cls: Class, name: str) -> list[Stmt] | None:
    """Return the statements behind a name of a class's own body; None where it has no such name."""
    attribute = cls.own().get(name)
    if attribute is not None and attribute.kind == "value":
        return [ExprStmt(NOWHERE, attribute.value)]
    facts = cls.method(name) if cls.facts.has_method(name) else None
    return None if facts is None else facts.body
