"""The flag ``tie_word_embeddings`` of a config class: switched off, or not there at all.

The models with that config suffer, not the config class: findings are at them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.lab.mutants.operators import operator
from tests.lab.mutants.source_edits import (
    assigned_on_self,
    attribute,
    edited,
    find_class,
    method,
    with_line_after,
    without,
)

FLAG = "tie_word_embeddings"


@operator("TIE201", "TIE202", where="configuration", shows_in=("load",), on_purpose=lambda release: True)
def untie_config(text: str, class_name: str) -> str | None:
    """The flag is False by default; where the class says nothing, ``__init__`` ends in saying so."""
    cls = find_class(text, class_name)
    if cls is None:
        return None
    values = [value for value in _defaults(cls) if isinstance(value, ast.Constant)]
    if values:
        true = [value for value in values if value.value is True]
        return edited(text, [(value, "False") for value in true]) if true else None
    init = method(cls, "__init__")
    if _mentions(cls) or init is None:
        return None
    return with_line_after(text, init.body[-1], f"self.{FLAG} = False")


@operator("TIE201", "TIE202", where="configuration")
def delete_config_flag(text: str, class_name: str) -> str | None:
    """The class does not mention the flag at all; what its base class says then holds."""
    cls = find_class(text, class_name)
    if cls is None or not _mentions(cls):
        return None
    init = method(cls, "__init__")
    statements: list[ast.stmt] = []
    if (own := attribute(cls, FLAG)) is not None:
        statements.append(own)
    if init is not None:
        statements += [made for name, made in assigned_on_self(init) if name == FLAG]
    cut = without(_without_arguments(text, cls), cls, statements)
    left = find_class(cut, class_name)
    return None if left is None or _mentions(left) else cut


def _defaults(cls: ast.ClassDef) -> Iterator[ast.expr | None]:
    """What the class gives the flag: as an attribute, as a parameter's default, in ``__init__``."""
    own, init = attribute(cls, FLAG), method(cls, "__init__")
    if own is not None:
        yield own.value
    if init is not None:
        yield from (default for argument, default in _parameters(init) if argument.arg == FLAG)
        yield from (getattr(made, "value", None) for name, made in assigned_on_self(init) if name == FLAG)


def _parameters(init: ast.FunctionDef) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    given = [*init.args.posonlyargs, *init.args.args]
    defaults: list[ast.expr | None] = [None] * (len(given) - len(init.args.defaults))
    yield from zip(given, [*defaults, *init.args.defaults], strict=True)
    yield from zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True)


def _without_arguments(text: str, cls: ast.ClassDef) -> str:
    """Without the flag as a parameter or a keyword; everything stays on its line."""
    lines = text.encode().splitlines(keepends=True)
    spans: list[tuple[int, int, int | None, int | None]] = []
    init = method(cls, "__init__")
    for argument, default in _parameters(init) if init else ():
        if argument.arg == FLAG:
            whole = default if default is not None else argument
            spans.append((argument.lineno, argument.col_offset, whole.end_lineno, whole.end_col_offset))
    for node in ast.walk(cls):
        if isinstance(node, ast.keyword) and node.arg == FLAG:
            spans.append((node.lineno, node.col_offset, node.end_lineno, node.end_col_offset))
    for first, start, last, end in sorted(spans, key=lambda span: span[:2], reverse=True):
        if first == last:
            lines[first - 1] = _without_span(lines[first - 1], start, end)
    return b"".join(lines).decode()


def _without_span(line: bytes, start: int, end: int | None) -> bytes:
    """A line without an argument, and without the comma that set it apart."""
    before, after = line[:start], line[end:]
    if after.lstrip().startswith(b","):
        return before + after.lstrip()[1:].lstrip(b" ")
    return before.rstrip().removesuffix(b",") + after


def _mentions(cls: ast.ClassDef) -> bool:
    """Whether the flag is spoken of outside the class's docstrings."""
    docstrings = {id(node.value) for node in ast.walk(cls) if isinstance(node, ast.Expr)}
    return any(_names_flag(node) for node in ast.walk(cls) if id(node) not in docstrings)


def _names_flag(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and FLAG in node.value
    names = (getattr(node, "id", None), getattr(node, "arg", None), getattr(node, "attr", None))
    return FLAG in names
