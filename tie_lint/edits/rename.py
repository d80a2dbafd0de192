"""Giving a member of a class another name."""

from __future__ import annotations

import ast

from tie_lint.edits.source import Source, assigned
from tie_lint.finding import Edit
from tie_lint.python.outline import name_span


def rename_member(source: Source, cls: ast.ClassDef, name: str, right: str) -> list[Edit]:
    """Rename an attribute or method where the class's body gives it; other uses of it stay as they are."""
    edits: list[Edit] = []
    for node in cls.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            edits.append(source.replace(name_span(node, source.lines), right))
        elif name in assigned(node):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", node)]
            edits += [
                source.replace(source.span(target), right)
                for target in targets
                if isinstance(target, ast.Name) and target.id == name
            ]
    return edits


def is_used(source: Source, name: str) -> bool:
    """Return whether the file reads or sets an attribute of that name, or names it in a string."""
    return any(
        (isinstance(node, ast.Attribute) and node.attr == name)
        or (isinstance(node, ast.Constant) and node.value == name)
        for node in ast.walk(source.tree)
    )
