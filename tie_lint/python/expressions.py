"""Expressions of the standard library's tree → lowered expressions, which bear no positions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from tie_lint.python.nodes import (
    Attr,
    Await,
    Binary,
    Bool,
    Call,
    Clause,
    Compare,
    Comparison,
    Comprehension,
    Const,
    Dict,
    Expr,
    Format,
    FString,
    IfExpr,
    Index,
    Keyword,
    LambdaExpr,
    List,
    Literal,
    Name,
    Opaque,
    Pair,
    Parameter,
    Set,
    Slice,
    Star,
    Tuple,
    Unary,
    Walrus,
    Yield,
    YieldFrom,
)

DEEPEST = 90
"""Nesting beyond which an expression is not read. Chains of operands are flat, however long they are."""


class _TooDeepError(Exception):
    """An expression nests deeper than :data:`DEEPEST`."""


def lower(node: ast.expr) -> Expr:
    """Return an expression lowered; ``Opaque`` where it nests too deeply."""
    try:
        return _lower(node, DEEPEST)
    except _TooDeepError:
        return Opaque("nested too deeply")


def _lower(node: ast.expr, left: int) -> Expr:
    """Return an expression lowered in which so many more may nest."""
    if not left:
        raise _TooDeepError
    handler = EXPRESSIONS.get(type(node))
    return Opaque(type(node).__name__) if handler is None else handler(node, left - 1)


def _optional(node: ast.expr | None, left: int) -> Expr | None:
    return None if node is None else _lower(node, left)


def _each(nodes: Sequence[ast.expr], left: int) -> list[Expr]:
    return [_lower(node, left) for node in nodes]


# -- constants ----------------------------------------------------------------------------------------------


def _constant(node: ast.Constant, left: int) -> Expr:
    value = node.value
    if isinstance(value, bytes):
        return Literal("bytes", repr(value))
    if isinstance(value, complex):
        return Literal("complex", repr(value))
    return Literal("ellipsis", "...") if value is Ellipsis else Const(value)


def _fstring(node: ast.JoinedStr, left: int) -> Expr:
    return FString(_each(node.values, left))


def _formatted(node: ast.FormattedValue, left: int) -> Expr:
    value = _lower(node.value, left)
    if node.conversion == -1 and node.format_spec is None:
        return value
    conversion = None if node.conversion == -1 else chr(node.conversion)
    spec = node.format_spec.values if isinstance(node.format_spec, ast.JoinedStr) else []
    # Python 3.12.1 puts an empty string after a width that is an expression.
    parts = [part for part in spec if not (isinstance(part, ast.Constant) and part.value == "")]
    return Format(value, conversion, _each(parts, left))


# -- names, calls, items ------------------------------------------------------------------------------------


def _name(node: ast.Name, left: int) -> Expr:
    return Name(node.id)


def _attribute(node: ast.Attribute, left: int) -> Expr:
    return Attr(_lower(node.value, left), node.attr)


def _call(node: ast.Call, left: int) -> Expr:
    keywords = [Keyword(keyword.arg, _lower(keyword.value, left)) for keyword in node.keywords]
    return Call(_lower(node.func, left), _each(node.args, left), keywords)


def _subscript(node: ast.Subscript, left: int) -> Expr:
    return Index(_lower(node.value, left), _lower(node.slice, left))


def _slice(node: ast.Slice, left: int) -> Expr:
    return Slice(*(_optional(part, left) for part in (node.lower, node.upper, node.step)))


def _starred(node: ast.Starred, left: int) -> Expr:
    return Star(_lower(node.value, left))


# -- displays -----------------------------------------------------------------------------------------------


def _dict(node: ast.Dict, left: int) -> Expr:
    pairs = zip(node.keys, node.values, strict=True)
    return Dict([Pair(_optional(key, left), _lower(value, left)) for key, value in pairs])


def _comprehension(kind: str) -> Callable[[Any, int], Expr]:
    def lower(node: Any, left: int) -> Expr:
        if kind == "dict":
            element: Expr | Pair = Pair(_lower(node.key, left), _lower(node.value, left))
        else:
            element = _lower(node.elt, left)
        return Comprehension(kind, element, [_clause(found, left) for found in node.generators])

    return lower


def _clause(found: ast.comprehension, left: int) -> Clause:
    target, iterable = _lower(found.target, left), _lower(found.iter, left)
    return Clause(target, iterable, _each(found.ifs, left), bool(found.is_async))


# -- operators ----------------------------------------------------------------------------------------------


def _binary(node: ast.BinOp, left: int) -> Expr:
    operations = [node]
    while isinstance(operations[-1].left, ast.BinOp):
        operations.append(operations[-1].left)
    found = _lower(operations[-1].left, left)
    for operation in reversed(operations):
        found = Binary(OPERATORS[type(operation.op)], found, _lower(operation.right, left))
    return found


def _unary(node: ast.UnaryOp, left: int) -> Expr:
    return Unary(_UNARY[type(node.op)], _lower(node.operand, left))


def _boolean(node: ast.BoolOp, left: int) -> Expr:
    return Bool("and" if isinstance(node.op, ast.And) else "or", _each(node.values, left))


def _comparison(node: ast.Compare, left: int) -> Expr:
    rest = zip(node.ops, node.comparators, strict=True)
    return Compare(
        _lower(node.left, left),
        [Comparison(_COMPARISONS[type(operator)], _lower(right, left)) for operator, right in rest],
    )


def _conditional(node: ast.IfExp, left: int) -> Expr:
    return IfExpr(_lower(node.test, left), _lower(node.body, left), _lower(node.orelse, left))


# -- functions ----------------------------------------------------------------------------------------------


def parameters(found: ast.arguments, lower: Callable[[ast.expr], Expr] = lower) -> list[Parameter]:
    """Return the parameters of a function, each of whose expressions is lowered by itself."""

    def parameter(one: ast.arg, kind: str, default: ast.expr | None = None) -> Parameter:
        annotation = None if one.annotation is None else lower(one.annotation)
        return Parameter(one.arg, kind, None if default is None else lower(default), annotation)

    first = [*found.posonlyargs, *found.args]
    defaults = [*[None] * (len(first) - len(found.defaults)), *found.defaults]
    listed = [parameter(one, "pos", value) for one, value in zip(first, defaults, strict=True)]
    if found.vararg is not None:
        listed.append(parameter(found.vararg, "*"))
    named = zip(found.kwonlyargs, found.kw_defaults, strict=True)
    listed.extend(parameter(one, "kw", value) for one, value in named)
    if found.kwarg is not None:
        listed.append(parameter(found.kwarg, "**"))
    return listed


def _lambda(node: ast.Lambda, left: int) -> Expr:
    return LambdaExpr(parameters(node.args, lambda inner: _lower(inner, left)), _lower(node.body, left))


def _walrus(node: ast.NamedExpr, left: int) -> Expr:
    return Walrus(node.target.id, _lower(node.value, left))


EXPRESSIONS: dict[type[ast.expr], Callable[[Any, int], Expr]] = {
    ast.Constant: _constant,
    ast.JoinedStr: _fstring,
    ast.FormattedValue: _formatted,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.Starred: _starred,
    ast.List: lambda node, left: List(_each(node.elts, left)),
    ast.Tuple: lambda node, left: Tuple(_each(node.elts, left)),
    ast.Set: lambda node, left: Set(_each(node.elts, left)),
    ast.Dict: _dict,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _comparison,
    ast.IfExp: _conditional,
    ast.Lambda: _lambda,
    ast.NamedExpr: _walrus,
    ast.Await: lambda node, left: Await(_lower(node.value, left)),
    ast.Yield: lambda node, left: Yield(_optional(node.value, left)),
    ast.YieldFrom: lambda node, left: YieldFrom(_lower(node.value, left)),
    ast.ListComp: _comprehension("list"),
    ast.SetComp: _comprehension("set"),
    ast.DictComp: _comprehension("dict"),
    ast.GeneratorExp: _comprehension("generator"),
}
"""How each kind of expression is lowered, given how many more may nest in it."""

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

_UNARY: dict[type[ast.unaryop], str] = {ast.USub: "-", ast.UAdd: "+", ast.Not: "not", ast.Invert: "~"}

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
