"""Expressions of any length for libcst, whose native parser nests what is flat, and can overflow the stack.

``a and b and …``, ``a + b + …`` and adjacent strings are as deep in libcst's tree as they are long. Where one
is long, its operands are lowered one by one, and in the text that libcst gets a name stands for the whole.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from tie_lint.python import expressions
from tie_lint.python.node import Node
from tie_lint.python.nodes import Binary, Bool, Const, Expr, FString, Literal, Name, Opaque, Star
from tie_lint.python.outline import dotted, span_of, text_at
from tie_lint.python.walk import replace

DEEPEST = 90
"""Nesting beyond which an expression is not read."""
LONGEST = 20
"""The operands of a chain, or adjacent strings, that libcst is handed in one piece."""
_MOST_INSIDE = 8
"""Long chains inside the operands of long chains."""
_STAND_IN = "__chain_of_operands_{}__"

OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}


def lower(node: ast.expr, lines: Sequence[str], inside: int = 0) -> Expr:
    """Return an expression, whose text stands in these lines, lowered.

    ``inside`` counts the long chains around it.
    """
    name = dotted(node)
    if name is not None:
        return name
    if isinstance(node, ast.Starred):
        return Star(lower(node.value, lines, inside))
    if inside > _MOST_INSIDE:
        return Opaque("nested too deeply")
    text = text_at(span_of(node, lines), lines)
    known = expressions.known_expression(text)
    if known is not None:
        return known
    chains = _find_chains(node, lines)
    if chains is None:
        return Opaque("nested too deeply")
    if not chains:
        return expressions.lower_expression(text)
    if chains == [node]:
        return _lower_chain(node, lines, inside + 1)
    return _lower_around(node, chains, lines, inside)


def _find_chains(tree: ast.expr, lines: Sequence[str]) -> list[ast.expr] | None:
    """Return the outermost long chains in an expression; None where it nests deeper than :data:`DEEPEST`."""
    chains: list[ast.expr] = []
    level: list[Any] = [tree]
    for _ in range(DEEPEST):
        long = [node for node in level if type(node) in _IS_LONG and _IS_LONG[type(node)](node, lines)]
        if long:
            chains += long
            level = [node for node in level if node not in long]
        # By fields: other tools of the process hang things on nodes, even on those that all trees share.
        parts = [getattr(node, name, None) for node in level for name in node._fields]
        level = [part for part in parts if isinstance(part, ast.AST)]
        level += [item for part in parts if type(part) is list for item in part if isinstance(item, ast.AST)]
        if not level:
            return chains
    return None


def _is_long_operation(node: ast.BinOp, lines: Sequence[str]) -> bool:
    left: ast.expr = node
    for _ in range(LONGEST):
        if not isinstance(left, ast.BinOp):
            return False
        left = left.left
    return True


def _is_long_text(node: ast.Constant, lines: Sequence[str]) -> bool:
    """Return whether a text may consist of many: going by its quotes, of which some may stand inside."""
    if node.lineno == node.end_lineno and (node.end_col_offset or 0) - node.col_offset < 2 * LONGEST:
        return False
    text = text_at(span_of(node, lines), lines) if isinstance(node.value, (str, bytes)) else ""
    return text.count('"') + text.count("'") > 2 * LONGEST


def _is_long_fstring(node: ast.JoinedStr, lines: Sequence[str]) -> bool:
    """Return whether an f-string consists of many, or holds a chain, whose place is not always known."""
    text = text_at(span_of(node, lines), lines)
    if text.count('"') + text.count("'") > 2 * LONGEST:
        return True
    inner = (part for part in ast.walk(node) if isinstance(part, (ast.BoolOp, ast.BinOp)))
    return any(_IS_LONG[type(part)](part, lines) for part in inner)


_IS_LONG: dict[type[ast.AST], Any] = {
    ast.BoolOp: lambda node, lines: len(node.values) > LONGEST,
    ast.BinOp: _is_long_operation,
    ast.Constant: _is_long_text,
    ast.JoinedStr: _is_long_fstring,
}
"""For each kind of node that can be a chain, whether one is too long for libcst."""


def _lower_chain(node: ast.expr, lines: Sequence[str], inside: int) -> Expr:
    match node:
        case ast.BoolOp(op=operator, values=values):
            word = "and" if isinstance(operator, ast.And) else "or"
            return Bool(word, [lower(value, lines, inside) for value in values])
        case ast.BinOp():
            return _lower_operation(node, lines, inside)
        case ast.Constant(value=str(text)):
            return Const(text)
        case ast.JoinedStr(values=parts):
            return FString([_lower_part(part) for part in parts])
        case ast.Constant(value=bytes(data)):
            return Literal("bytes", repr(data))
    raise AssertionError(f"no chain: {type(node).__name__}")


def _lower_operation(node: ast.BinOp, lines: Sequence[str], inside: int) -> Expr:
    operations = [node]
    while isinstance(operations[-1].left, ast.BinOp):
        operations.append(operations[-1].left)
    found = lower(operations[-1].left, lines, inside)
    for operation in reversed(operations):
        found = Binary(OPERATORS[type(operation.op)], found, lower(operation.right, lines, inside))
    return found


def _lower_part(part: ast.expr) -> Expr:
    """Return a part of an f-string: the positions inside are not the file's before Python 3.12."""
    if isinstance(part, ast.Constant):
        return Const(str(part.value))
    plain = isinstance(part, ast.FormattedValue) and part.conversion == -1 and part.format_spec is None
    name = dotted(part.value) if plain and isinstance(part, ast.FormattedValue) else None
    return Opaque("part of a long f-string") if name is None else name


def _lower_around(node: ast.expr, chains: list[ast.expr], lines: Sequence[str], inside: int) -> Expr:
    """Return an expression lowered in which these chains are too long to be handed to libcst."""
    spans = sorted((span_of(chain, lines), number) for number, chain in enumerate(chains))
    line, column, *end = span_of(node, lines)
    pieces: list[str] = []
    for span, number in spans:
        pieces += [text_at([line, column, *span[:2]], lines), f"({_STAND_IN.format(number)})"]
        line, column = span[2:]
    pieces.append(text_at([line, column, *end], lines))
    lowered = {_STAND_IN.format(number): lower(chain, lines, inside) for number, chain in enumerate(chains)}

    def change(part: Node) -> Node | None:
        return lowered.get(part.name) if isinstance(part, Name) else None

    return replace(expressions.lower_expression("".join(pieces)), change)
