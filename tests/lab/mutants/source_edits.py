"""Finding a piece of a class and cutting it out or putting another in its place, the rest byte for byte.

Positions are those of ``ast``: lines count from 1, columns are UTF-8 bytes.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable, Iterator, Sequence


@functools.lru_cache(maxsize=4)
def parsed(text: str) -> ast.Module:
    """The syntax tree of a text."""
    return ast.parse(text)


def find_class(text: str, name: str) -> ast.ClassDef | None:
    """The module-level class of that name, the last one where it is defined twice."""
    found = [node for node in parsed(text).body if isinstance(node, ast.ClassDef) and node.name == name]
    return found[-1] if found else None


def base_names(cls: ast.ClassDef) -> list[str]:
    """The names by which the class calls its bases."""
    return [ast.unparse(base) for base in cls.bases]


def exported(text: str) -> list[str] | None:
    """The names in the module's ``__all__``; None where it has none."""
    found = next((node for node in parsed(text).body if "__all__" in assigned(node)), None)
    names: list[str] | None = ast.literal_eval(found.value) if isinstance(found, ast.Assign) else None
    return names


def method(cls: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    """The class's own method of that name."""
    return next((node for node in cls.body if isinstance(node, ast.FunctionDef) and node.name == name), None)


def attribute(cls: ast.ClassDef, name: str) -> ast.Assign | ast.AnnAssign | None:
    """The statement of the class body that assigns the attribute."""
    found = next((node for node in cls.body if name in assigned(node)), None)
    return found if isinstance(found, (ast.Assign, ast.AnnAssign)) else None


def assigned(node: ast.stmt) -> list[str]:
    """The plain names that a statement assigns."""
    return [target.id for target in _targets(node) if isinstance(target, ast.Name)]


def assigned_on_self(function: ast.FunctionDef) -> Iterator[tuple[str, ast.stmt]]:
    """Every ``self.<name> = …`` at any depth of the function, in source order: name and statement."""
    found = [node for node in ast.walk(function) if isinstance(node, (ast.Assign, ast.AnnAssign))]
    for node in sorted(found, key=lambda node: node.lineno):
        for target in _targets(node):
            chain = self_chain(target)
            if chain is not None and len(chain) == 1:
                yield chain[0], node


def _targets(node: ast.stmt) -> Sequence[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AnnAssign) else []


def self_chain(node: ast.expr | None) -> list[str] | None:
    """``["model", "shared"]`` for ``self.model.shared``; None for anything but such a chain."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    return names if names and isinstance(node, ast.Name) and node.id == "self" else None


def string(node: ast.expr | None) -> str | None:
    """The text of a string literal; None for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def calls_on_self(function: ast.FunctionDef, name: str) -> list[ast.stmt]:
    """The statements, at any depth, that are nothing but ``self.<name>()``."""
    return [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) == f"self.{name}"
    ]


def edited(text: str, edits: Iterable[tuple[ast.expr | ast.keyword, str]]) -> str:
    """The text with other source in the place of each of these expressions, none of which holds another."""
    lines = text.encode().splitlines(keepends=True)
    for node, source in sorted(edits, key=lambda edit: (edit[0].lineno, edit[0].col_offset), reverse=True):
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        before, after = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
        lines[first : last + 1] = [before + source.encode() + after]
    return b"".join(lines).decode()


def without(text: str, root: ast.ClassDef, statements: Sequence[ast.stmt]) -> str:
    """The text without these statements of the class; ``pass`` stands where a body would be empty."""
    lines = text.encode().splitlines(keepends=True)
    for statement in sorted(statements, key=lambda node: node.lineno, reverse=True):
        first, last = lines_of(statement)
        lines[first:last] = [_indentation(lines[first]) + b"pass\n"] if _is_alone(root, statement) else []
    return b"".join(lines).decode()


def with_line_before(text: str, statement: ast.stmt, line: str) -> str:
    """The text with one more line before a statement, as deep as it."""
    return _with_line(text, statement.lineno, line, _first_line(statement) - 1)


def with_line_after(text: str, statement: ast.stmt, line: str) -> str:
    """The text with one more line after a statement, as deep as it."""
    return _with_line(text, statement.lineno, line, statement.end_lineno or statement.lineno)


def with_lines_after(text: str, statement: ast.stmt, source: str) -> str:
    """The text with more source after a statement."""
    return _with_source(text, lines_of(statement)[1], source)


def with_lines_before(text: str, statement: ast.stmt, source: str) -> str:
    """The text with more source before a statement and its decorators."""
    return _with_source(text, lines_of(statement)[0], source)


def _with_source(text: str, at: int, source: str) -> str:
    lines = text.encode().splitlines(keepends=True)
    return b"".join([*lines[:at], source.encode(), *lines[at:]]).decode()


def renamed_class(text: str, name: str, new_name: str) -> str:
    """The text with the first class of a name under another, wherever else the name is left as it is."""
    return re.sub(rf"^class {name}\b", f"class {new_name}", text, count=1, flags=re.MULTILINE)


def argument(call: ast.Call, name: str, place: int) -> ast.expr | None:
    """What a call gives for a parameter, by name or by its place."""
    named = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    if named is not None:
        return named
    given = call.args[place] if place < len(call.args) else None
    return None if isinstance(given, ast.Starred) else given


def _with_line(text: str, like: int, line: str, at: int) -> str:
    lines = text.encode().splitlines(keepends=True)
    lines.insert(at, _indentation(lines[like - 1]) + line.encode() + b"\n")
    return b"".join(lines).decode()


def lines_of(statement: ast.stmt) -> tuple[int, int]:
    """The statement's lines with its decorators, as the bounds of a slice."""
    return _first_line(statement) - 1, statement.end_lineno or statement.lineno


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
