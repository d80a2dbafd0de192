"""What the text of a method calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tie_lint.python.nodes import Attr, Call, Expr, Name
from tie_lint.python.statements import Stmt
from tie_lint.python.walk import is_name, walk


def calls_super(body: Sequence[Stmt], name: str) -> bool:
    """Return whether lowered statements call the method of that name of a class above: ``super()``'s, or that
    of a class that they name.
    """
    return _calls(body, name, _is_class)


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
