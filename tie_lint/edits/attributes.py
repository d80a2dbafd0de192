"""Class attributes: added where a maintainer would put them, or given another value."""

from __future__ import annotations

import ast

from tie_lint.edits.source import Source, assigned, attribute, is_assignment
from tie_lint.finding import Edit

_AFTER: dict[str, tuple[str, ...]] = {
    "base_model_prefix": ("config_class", "config"),
}
"""After which of the class's attributes one is put; any other comes after all that precede its methods."""


def set_attribute(source: Source, cls: ast.ClassDef, name: str, value: str) -> Edit | None:
    """Give a class attribute that value, as source text; None where the text leaves no place for it."""
    present = attribute(cls, name)
    if present is not None:
        return None if present.value is None else source.replace(source.span(present.value), value)
    if any(name in assigned(node) for node in ast.walk(cls) if isinstance(node, ast.stmt)):
        return None
    return add_attribute(source, cls, name, value)


def add_attribute(source: Source, cls: ast.ClassDef, name: str, value: str) -> Edit | None:
    """Add an attribute to a class that has none of that name."""
    only = cls.body[0]
    statement = f"{name} = {value}"
    if not source.stands_alone(only):
        return None
    if len(cls.body) == 1 and (isinstance(only, ast.Pass) or _is_ellipsis(only)):
        return source.replace(source.span(only), statement)
    indent = source.indentation(only)
    statement = "\n".join(indent + line if line else line for line in statement.split("\n"))
    above = _above(cls, name)
    if above is not None:
        gap = "\n" if _is_docstring(above) and not _is_pep257_tight(source, above) else ""
        below = _next(cls, above)
        after = (
            "\n" if below is not None and not is_assignment(below) and _touch(source, above, below) else ""
        )
        return source.insert_after(source.span(above)[2], gap + statement + after)
    gap = "" if is_assignment(only) else "\n"
    return source.insert_after(_header_end(source, cls), statement + gap)


def _above(cls: ast.ClassDef, name: str) -> ast.stmt | None:
    """The statement that a new attribute follows; None for the header."""
    leading: list[ast.stmt] = []
    for node in cls.body:
        if not (is_assignment(node) or (node is cls.body[0] and _is_docstring(node))):
            break
        leading.append(node)
    wanted = [node for node in leading if set(assigned(node)) & set(_AFTER.get(name, ()))]
    if not wanted and name in _AFTER:
        leading = [node for node in leading if _is_docstring(node)]
    return (wanted or leading)[-1] if wanted or leading else None


def _next(cls: ast.ClassDef, node: ast.stmt) -> ast.stmt | None:
    index = cls.body.index(node) + 1
    return cls.body[index] if index < len(cls.body) else None


def _touch(source: Source, above: ast.stmt, below: ast.stmt) -> bool:
    """Whether no line is left between two statements."""
    return source.span(below)[0] - source.span(above)[2] == 1


def _is_pep257_tight(source: Source, docstring: ast.stmt) -> bool:
    """Whether text follows the docstring on the next line, as the file has it."""
    end = source.span(docstring)[2]
    return end < len(source.lines) and bool(source.lines[end].strip())


def _header_end(source: Source, cls: ast.ClassDef) -> int:
    """The line on which the header of a class ends, with the comments below it."""
    return source.span(cls.body[0])[0] - 1


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_ellipsis(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is ...
