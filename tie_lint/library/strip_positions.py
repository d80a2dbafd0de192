"""Facts without what the bundled index has no use for: positions, log lines, documentation."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from tie_lint.python.facts import ClassFacts
from tie_lint.python.node import Node
from tie_lint.python.nodes import Attr, Call, Expr, Name
from tie_lint.python.statements import NOWHERE, ExprStmt

NodeT = TypeVar("NodeT", bound=Node)

_TALKERS = ("logger", "warnings")
_DOCUMENTING = re.compile(r"auto_(?:class_)?docstring|(?:add|replace|apply)_\w*docstrings?\w*")


def strip_class(facts: ClassFacts) -> ClassFacts:
    """Return a class without its methods, all of them counted as left out."""
    return ClassFacts(
        facts.name,
        NOWHERE,
        facts.bases,
        facts.keywords,
        _strip_decorators(facts.decorators),
        [strip(stmt) for stmt in facts.body if not _talks(stmt)],
        {},
        NOWHERE,
        skipped=frozenset(facts.method_names()),
        type_params=facts.type_params,
    )


def strip(node: NodeT) -> NodeT:
    """Return a function or statement without positions, and without those inside that only tell somebody."""
    kind: Any = type(node)
    stripped: NodeT = kind(*(_strip_field(name, getattr(node, name)) for name in kind.fields))
    return stripped


def _strip_field(name: str, value: Any) -> Any:
    if name in ("at", "extent"):
        return NOWHERE
    if name == "decorators":
        return _strip_decorators(value)
    if isinstance(value, list):
        return [_strip_field("", item) for item in value if not _talks(item)]
    # Expressions have no positions; what else is a node holds statements.
    return strip(value) if isinstance(value, Node) and not isinstance(value, Expr) else value


def _talks(stmt: Any) -> bool:
    """Return whether something is a statement that only logs or warns."""
    match stmt:
        case ExprStmt(value=Call(Attr(Name(name)))):
            return name in _TALKERS
    return False


def _strip_decorators(decorators: list[Expr]) -> list[Expr]:
    """Return decorators without those that return what they get and only write its docstring."""
    return [decorator for decorator in decorators if not _DOCUMENTING.fullmatch(_applied(decorator))]


def _applied(decorator: Expr) -> str:
    """Return the plain name of a decorator, called or not."""
    match decorator:
        case Call(Name(name)) | Name(name):
            return name
    return ""
