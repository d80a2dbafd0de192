"""Cutting one statement out of a class, everything else byte for byte.

Positions are those of ``ast``: lines count from 1, columns are UTF-8 bytes.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Sequence


def find_class(text: str, name: str) -> ast.ClassDef | None:
    """The module-level class of that name, the last one where it is defined twice."""
    found = [node for node in _parsed(text).body if isinstance(node, ast.ClassDef) and node.name == name]
    return found[-1] if found else None


@functools.lru_cache(maxsize=4)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def base_names(cls: ast.ClassDef) -> list[str]:
    """The names by which the class calls its bases."""
    return [ast.unparse(base) for base in cls.bases]


def exported(text: str) -> list[str] | None:
    """The names in the module's ``__all__``; None where it has none."""
    found = next((node for node in _parsed(text).body if "__all__" in _assigned(node)), None)
    names: list[str] | None = ast.literal_eval(found.value) if isinstance(found, ast.Assign) else None
    return names


def method(cls: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    """The class's own method of that name."""
    return next((node for node in cls.body if isinstance(node, ast.FunctionDef) and node.name == name), None)


def attribute(cls: ast.ClassDef, name: str) -> ast.stmt | None:
    """The statement of the class body that assigns the attribute."""
    return next((node for node in cls.body if name in _assigned(node)), None)


def _assigned(node: ast.stmt) -> list[str]:
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign)
        else []
    )
    return [target.id for target in targets if isinstance(target, ast.Name)]


def calls_on_self(function: ast.FunctionDef, name: str) -> list[ast.stmt]:
    """The statements, at any depth, that are nothing but ``self.<name>()``."""
    return [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) == f"self.{name}"
    ]


def without(text: str, root: ast.ClassDef, statements: Sequence[ast.stmt]) -> str:
    """The text without these statements of the class; ``pass`` stands where a body would be empty."""
    lines = text.encode().splitlines(keepends=True)
    for statement in sorted(statements, key=lambda node: node.lineno, reverse=True):
        first, last = _first_line(statement) - 1, statement.end_lineno or statement.lineno
        lines[first:last] = [_indentation(lines[first]) + b"pass\n"] if _is_alone(root, statement) else []
    return b"".join(lines).decode()


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _indentation(line: bytes) -> bytes:
    return line[: len(line) - len(line.lstrip())]


def _is_alone(root: ast.ClassDef, statement: ast.stmt) -> bool:
    blocks = [
        block
        for node in ast.walk(root)
        for part in ("body", "orelse", "finalbody")
        if isinstance(block := getattr(node, part, None), list)
    ]
    return any(block == [statement] for block in blocks)
