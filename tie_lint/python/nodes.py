"""The language that source is lowered to: expressions and their parts.

Statements and patterns are in :mod:`tie_lint.python.statements`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from tie_lint.python.node import Node

Constant: TypeAlias = bool | int | float | str | None


class Expr(Node):
    """An expression."""


class Const(Expr, word="const"):
    """A constant that JSON has a form for."""

    value: Constant


class Literal(Expr, word="literal"):
    """A constant that JSON has no form for: ``kind`` is "bytes", "complex" or "ellipsis"."""

    kind: str
    text: str


class Name(Expr, word="name"):
    """``name``"""

    name: str


class Attr(Expr, word="attr"):
    """``base.name``"""

    base: Expr
    name: str


class Call(Expr, word="call"):
    """``function(*args, **keywords)``"""

    function: Expr
    args: list[Expr]
    keywords: list[Keyword]


class Keyword(Node):
    """``name=value``, or ``**value`` without a name, in a call or the header of a class."""

    name: str | None
    value: Expr


class Index(Expr, word="index"):
    """``base[index]``"""

    base: Expr
    index: Expr


class Slice(Expr, word="slice"):
    """``lower:upper:step``"""

    lower: Expr | None
    upper: Expr | None
    step: Expr | None


class List(Expr, word="list"):
    """``[items]``"""

    items: list[Expr]


class Tuple(Expr, word="tuple"):
    """``(items,)``"""

    items: list[Expr]


class Set(Expr, word="set"):
    """``{items}``"""

    items: list[Expr]


class Dict(Expr, word="dict"):
    """``{key: value}``"""

    pairs: list[Pair]


class Pair(Node):
    """``key: value``, or ``**value`` without a key."""

    key: Expr | None
    value: Expr


class Star(Expr, word="star"):
    """``*value``, among arguments, items, bases, targets or in a subscript."""

    value: Expr


class Binary(Expr, word="bin"):
    """``left operator right``"""

    operator: str
    left: Expr
    right: Expr


class Unary(Expr, word="un"):
    """``operator operand``"""

    operator: str
    operand: Expr


class Compare(Expr, word="cmp"):
    """``left < middle < right``"""

    left: Expr
    rest: list[Comparison]


class Comparison(Node):
    """``operator right``"""

    operator: str
    right: Expr


class Bool(Expr, word="bool"):
    """``item and item and item``, or the same with ``or``"""

    operator: str
    items: list[Expr]


class IfExpr(Expr, word="if"):
    """``then if test else otherwise``"""

    test: Expr
    then: Expr
    otherwise: Expr


class FString(Expr, word="fstr"):
    """An f-string, or adjacent strings."""

    parts: list[Expr]


class Format(Expr, word="format"):
    """``{value!conversion:spec}`` in an f-string, where it has one of them."""

    value: Expr
    conversion: str | None
    spec: Sequence[Expr]


class Comprehension(Expr, word="comp"):
    """``[element for …]``; ``kind`` is "list", "generator", "set" or "dict"."""

    kind: str
    element: Expr | Pair
    clauses: list[Clause]


class Clause(Node):
    """``for target in iterable if condition``"""

    target: Expr
    iterable: Expr
    conditions: list[Expr]
    is_async: bool = False


class LambdaExpr(Expr, word="lambda"):
    """``lambda params: body``"""

    params: list[Parameter]
    body: Expr


class Parameter(Node):
    """A parameter; ``kind`` is "pos", "*", "kw" or "**"."""

    name: str
    kind: str
    default: Expr | None
    annotation: Expr | None


class Walrus(Expr, word="walrus"):
    """``name := value``"""

    name: str
    value: Expr


class Await(Expr, word="await"):
    """``await value``"""

    value: Expr


class Yield(Expr, word="yield"):
    """``yield value``"""

    value: Expr | None


class YieldFrom(Expr, word="yield from"):
    """``yield from value``"""

    value: Expr


class Opaque(Expr, word="opaque"):
    """Something that the language has no word for, or that nests too deeply to be read."""

    what: str
