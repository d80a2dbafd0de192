"""The one walker of lowered code: its nodes, statements, blocks, calls and names, and their replacement.

It keeps its own stack: a chain of a thousand operators is legal Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tie_lint.python.node import Node
from tie_lint.python.nodes import Attr, Call, Expr, Index, LambdaExpr, List, Name, Star, Tuple
from tie_lint.python.statements import (
    AnnAssign,
    AsPattern,
    Assign,
    AugAssign,
    ClassDef,
    Def,
    Delete,
    For,
    If,
    Import,
    MappingPattern,
    Match,
    Pattern,
    Raise,
    Span,
    StarPattern,
    Stmt,
    Try,
    TypeAliasStmt,
    While,
    With,
)

DEFINED = (Def, LambdaExpr)
"""What is only defined where it stands, and runs elsewhere or never."""


def walk(root: Node | Iterable[Node], skip: tuple[type[Node], ...] = ()) -> Iterator[Node]:
    """Yield a node, or several, and everything inside, outer before inner, in the order of the source.

    Nodes of the kinds to skip are left out with all they hold.
    """
    stack: list[Any] = [root] if isinstance(root, Node) else [*root][::-1]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is list or kind is tuple:
            stack.extend(reversed(node))
        elif kind not in skip:
            yield node
            for name in reversed(kind.child_fields):
                part = getattr(node, name)
                if part:
                    stack.append(part)


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes that a node holds directly."""
    for name in type(node).child_fields:
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif value is not None:
            yield from value


def blocks(stmt: Stmt) -> list[list[Stmt]]:
    """Return the bodies inside a statement that run where it stands, or may."""
    match stmt:
        case If(body=body, orelse=orelse) | For(body=body, orelse=orelse) | While(body=body, orelse=orelse):
            return [body, orelse]
        case With(body=body):
            return [body]
        case Try(body=body, handlers=handlers, orelse=orelse, final=final):
            return [body, *(handler.body for handler in handlers), orelse, final]
        case Match(cases=cases):
            return [case.body for case in cases]
    return []


def statements(body: Iterable[Stmt]) -> Iterator[Stmt]:
    """Yield every statement of a body, those inside others too."""
    stack = [*body][::-1]
    while stack:
        stmt = stack.pop()
        yield stmt
        for block in reversed(blocks(stmt)):
            stack.extend(reversed(block))


def expressions(stmt: Stmt) -> Iterator[Expr]:
    """Yield the expressions that a statement holds itself: not in its blocks, not in what it only defines."""
    held = [part for part in children(stmt) if not isinstance(part, Stmt)]
    stack: list[Node] = held[::-1]
    while stack:
        part = stack.pop()
        if isinstance(part, Expr):
            yield part
        elif not isinstance(part, Stmt) and not isinstance(stmt, DEFINED):
            stack.extend([*children(part)][::-1])


def parts(body: Iterable[Stmt]) -> Iterator[Node]:
    """Yield what each statement of a body holds, whatever the statement does with it."""
    for stmt in body:
        yield from children(stmt)


def calls(root: Node | Iterable[Node]) -> Iterator[Call]:
    """Yield every call but those in functions that are only defined and in what is raised."""
    for node in walk(root, (*DEFINED, Raise)):
        if type(node) is Call:
            yield node


def names(root: Node | Iterable[Node]) -> Iterator[str]:
    """Yield every plain name, as often as it stands there."""
    for node in walk(root):
        if type(node) is Name:
            yield node.name


def root(node: Expr, through_calls: bool = False) -> str | None:
    """Return the name that a chain of attributes and items, or calls as well, starts from."""
    while isinstance(node, (Attr, Index)) or (through_calls and isinstance(node, Call)):
        node = node.function if isinstance(node, Call) else node.base
    return node.name if isinstance(node, Name) else None


def is_name(node: Node | None, name: str) -> bool:
    """Return whether a node is that plain name."""
    return type(node) is Name and node.name == name


def last_name(node: Expr) -> str | None:
    """Return the last name of a dotted one; None for any other expression."""
    return node.name if isinstance(node, (Name, Attr)) else None


def targets(target: Expr) -> Iterator[Expr]:
    """Yield the names, attributes and items that an assignment to a target gives something."""
    if isinstance(target, (Tuple, List)):
        for item in target.items:
            yield from targets(item)
    elif isinstance(target, Star):
        yield from targets(target.value)
    else:
        yield target


def assigned_names(body: Iterable[Stmt]) -> Iterator[tuple[str, Span]]:
    """Yield the plain names that statements may bind, each with the span of its statement."""
    for stmt in statements(body):
        for name in _bound(stmt):
            yield name, stmt.at


def _bound(stmt: Stmt) -> Iterator[str]:
    """Yield the names that a statement itself binds."""
    given: list[Expr] = []
    match stmt:
        case Assign(targets=given):
            pass
        case AugAssign(target=target) | AnnAssign(target=target) | For(target=target):
            given = [target]
        case With(items=items):
            given = [item.target for item in items if item.target is not None]
        case Def(function=function):
            yield function.name
        case ClassDef(name=name) | TypeAliasStmt(name=name):
            yield name
        case Import(names=bindings):
            yield from (binding.name for binding in bindings)
        case Match(cases=cases):
            for case in cases:
                yield from captured(case.pattern)
    for target in given:
        yield from (found.name for found in targets(target) if isinstance(found, Name))


def captured(pattern: Pattern) -> Iterator[str]:
    """Yield the names that a pattern binds."""
    for node in walk(pattern):
        name = node.rest if isinstance(node, MappingPattern) else None
        if isinstance(node, (AsPattern, StarPattern)):
            name = node.name
        if name is not None:
            yield name


__all__ = [
    "DEFINED",
    "Delete",
    "assigned_names",
    "blocks",
    "calls",
    "captured",
    "children",
    "expressions",
    "is_name",
    "last_name",
    "names",
    "parts",
    "statements",
    "targets",
    "walk",
]
