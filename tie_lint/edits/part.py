"""Giving a part of a model another name wherever its classes speak of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from tie_lint.edits.source import Source, assigned, is_assignment
from tie_lint.finding import Edit


def rename_part(
    source: Source, owners: Collection[str], related: Collection[str], name: str, right: str
) -> list[Edit]:
    """Rename ``self.<name>`` in the methods of the classes ``owners``, and paths in their class attributes.

    ``related`` are these classes and all that they inherit from. Nothing where ``right`` is taken, or where
    the file speaks of the name in a way that cannot be told from the name of another's part.
    """
    edits: list[Edit] = []
    for statement in source.tree.body:
        known: dict[ast.AST, Edit | None] = {}
        if isinstance(statement, ast.ClassDef) and statement.name in owners:
            if _takes(statement, name, right):
                return []
            known = {**_uses(source, statement, name, right), **_paths(source, statement, name, right)}
        elif isinstance(statement, ast.ClassDef) and statement.name not in related:
            known = dict.fromkeys(_on_self(statement, name))
        if any(_speaks_of(node, name) and node not in known for node in ast.walk(statement)):
            return []
        edits += filter(None, known.values())
    return edits


def _takes(cls: ast.ClassDef, name: str, right: str) -> bool:
    """Whether the class has a member of either name, or sets an attribute of the new one."""
    members = {member for node in cls.body for member in (*assigned(node), getattr(node, "name", None))}
    return bool(members & {name, right}) or any(
        isinstance(node.ctx, ast.Store) for node in _on_self(cls, right)
    )


def _on_self(cls: ast.ClassDef, name: str) -> Iterator[ast.Attribute]:
    for node in ast.walk(cls):
        if (
            isinstance(node, ast.Attribute)
            and node.attr == name
            and isinstance(node.value, ast.Name)
            and node.value.id == "self"
        ):
            yield node


def _uses(source: Source, cls: ast.ClassDef, name: str, right: str) -> dict[ast.AST, Edit | None]:
    """Every ``self.<name>`` of a class, with its edit."""
    found: dict[ast.AST, Edit | None] = {}
    for node in _on_self(cls, name):
        _, _, line, end = source.span(node)
        found[node] = source.replace([line, end - len(name), line, end], right)
    return found


def _paths(source: Source, cls: ast.ClassDef, name: str, right: str) -> dict[ast.AST, Edit | None]:
    """Every string of the class's attributes that begins with the name as that of a part, with its edit.

    What maps names of old checkpoints to new ones is not understood.
    """
    found: dict[ast.AST, Edit | None] = {}
    for node, text in _strings_of_attributes(cls):
        new = re.sub(rf"^(\W*){name}\b", rf"\g<1>{right}", text)
        code = re.sub(rf"\b{name}\b", right, source.code(node))
        if new != text and _means(code, new):
            found[node] = source.replace(source.span(node), code)
    return found


def _strings_of_attributes(cls: ast.ClassDef) -> Iterator[tuple[ast.Constant, str]]:
    for statement in cls.body:
        if is_assignment(statement) and not any("mapping" in name for name in assigned(statement)):
            for node in ast.walk(statement):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node, node.value


def _means(code: str, value: str) -> bool:
    try:
        return bool(ast.literal_eval(code) == value)
    except (SyntaxError, ValueError):
        return False


def _speaks_of(node: ast.AST, name: str) -> bool:
    """Whether it is an attribute of that name, or a string with the name in it that is no prose."""
    if isinstance(node, ast.Attribute):
        return node.attr == name
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and not re.search(r"\s", text) and bool(re.search(rf"\b{name}\b", text))
