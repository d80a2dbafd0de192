"""What the text of a method calls."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence

from tie_lint.python.nodes import Attr, Call, Expr, Name
from tie_lint.python.statements import Return, Stmt, Try, With
from tie_lint.python.walk import blocks, is_name, walk


def calls_super(body: Sequence[Stmt], name: str, above: Container[str] | None = None) -> bool:
    """Return whether lowered statements call the method of that name of a class above: ``super()``'s, or that
    of a class that they name, which is one of those ``above`` where these are given.
    """
    return _calls(body, name, lambda owner: _is_class(owner) and _is_above(owner, above))


def _is_above(owner: Expr, above: Container[str] | None) -> bool:
    return above is None or not isinstance(owner, Name) or owner.name in above


def may_do_without_super(body: Sequence[Stmt], name: str, above: Container[str]) -> bool:
    """Return whether lowered statements have a way to a ``return`` on which they do not call the method of
    that name of a class above.
    """
    for stmt in _one_by_one(body):
        if blocks(stmt):
            if any(may_do_without_super(block, name, above) for block in blocks(stmt)):
                return True
        elif calls_super([stmt], name, above):
            return False
        elif isinstance(stmt, Return):
            return True
    return False


def _one_by_one(body: Sequence[Stmt]) -> Iterator[Stmt]:
    """Yield statements, those of ``with`` and ``try`` in the place of these."""
    for stmt in body:
        if isinstance(stmt, (With, Try)):
            yield from _one_by_one(stmt.body)
        else:
            yield stmt


def calls_own(body: Sequence[Stmt], name: str) -> bool:
    """Return whether lowered statements call the method of that name of ``self``."""
    return _calls(body, name, lambda owner: is_name(owner, "self"))


def passes_on(body: Sequence[Stmt], name: str) -> bool:
    """Return whether lowered statements call the method of that name of anything but ``self``: of a class
    above, or of a model inside.
    """
    return _calls(body, name, lambda owner: not is_name(owner, "self"))


def _calls(body: Sequence[Stmt], name: str, of: Callable[[Expr], bool]) -> bool:
    return any(isinstance(node, Attr) and node.name == name and of(node.base) for node in walk(body))


def _is_class(node: Expr) -> bool:
    """Return whether an expression is ``super()`` or the name of a class, going by how these are written."""
    match node:
        case Call(function):
            return is_name(function, "super")
        case Name(name):
            return name[:1].isupper()
    return False
