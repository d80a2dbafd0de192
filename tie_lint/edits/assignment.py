"""Assignments in a constructor that tie by hand."""

from __future__ import annotations

import ast
from collections.abc import Collection

from tie_lint.edits.accessors import expression
from tie_lint.edits.source import Source, method
from tie_lint.finding import Edit


def remove_assignment(source: Source, cls: ast.ClassDef, names: Collection[str]) -> list[Edit]:
    """Take the one statement of ``__init__`` away that assigns one of these parameters to another."""
    init, both = method(cls, "__init__"), {expression(name) for name in names}
    found = [
        node
        for node in (init.body if init is not None else ())
        if isinstance(node, ast.Assign)
        and ast.unparse(node.value) in both
        and [ast.unparse(target) in both for target in node.targets] == [True]
    ]
    return [source.remove(found[0])] if len(found) == 1 and source.stands_alone(found[0]) else []
