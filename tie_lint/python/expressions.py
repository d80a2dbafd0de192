"""The libcst visitor: the text of an expression → a lowered expression.

It walks by hand (libcst's own traversal rebuilds every node it meets). Lowered expressions bear no positions,
and model code says the same things again and again: a text is lowered once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst

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

KNOWN_TEXTS = 2**15
"""How many lowered texts are kept: the library's own models hold 21 000 different ones."""


def lower_expression(text: str) -> Expr:
    """Return an expression's text, which may run over several lines, as a node that is to be left as it is.

    The text has been read and bounded by the standard library's parser before. What this parser takes and
    libcst does not (a Python newer than libcst) is ``Opaque``.
    """
    found = _KNOWN.get(text)
    if found is None:
        found = _lower(text)
        if "lambda" not in text:  # each has parameters of its own, whose defaults are told apart by identity
            if len(_KNOWN) >= KNOWN_TEXTS:
                _KNOWN.clear()
            _KNOWN[text] = found
    return found


_KNOWN: dict[str, Expr] = {}

known_expression = _KNOWN.get
"""Return what an expression's text was lowered to; None where it was not, or is lowered anew each time."""


def _lower(text: str) -> Expr:
    try:
        tree = cst.parse_expression(f"({text}\n)")
    except cst.ParserSyntaxError:
        return Opaque("a syntax that is not known")
    return _expression(tree)


def _parameters(params: cst.Parameters) -> list[Parameter]:
    found = [_parameter(param, "pos") for param in [*params.posonly_params, *params.params]]
    if isinstance(params.star_arg, cst.Param):
        found.append(_parameter(params.star_arg, "*"))
    found.extend(_parameter(param, "kw") for param in params.kwonly_params)
    if params.star_kwarg is not None:
        found.append(_parameter(params.star_kwarg, "**"))
    return found


def _parameter(param: cst.Param, kind: str) -> Parameter:
    annotation = _expression(param.annotation.annotation) if param.annotation is not None else None
    return Parameter(param.name.value, kind, _optional(param.default), annotation)


def _optional(node: cst.BaseExpression | None) -> Expr | None:
    return None if node is None else _expression(node)


def _expression(node: Any) -> Expr:
    kind = type(node).__name__
    handler = _EXPRESSIONS.get(kind)
    return Opaque(kind) if handler is None else handler(node)


def _name(node: cst.Name) -> Expr:
    constant = _CONSTANTS.get(node.value)
    return constant if constant is not None else Name(node.value)


def _number(node: Any) -> Expr:
    return Const(int(node.value) if node.value.isdecimal() else node.evaluated_value)


def _complex(node: cst.Imaginary) -> Expr:
    return Literal("complex", node.value)


def _ellipsis(node: cst.Ellipsis) -> Expr:
    return Literal("ellipsis", "...")


def _string(node: Any) -> Expr:
    text = node.value
    if text[0] in "\"'" and text[1] != text[0] and "\\" not in text:
        return Const(text[1:-1])  # libcst would call the whole parser to evaluate it
    value = node.evaluated_value
    return Const(value) if isinstance(value, str) else Literal("bytes", repr(value))


def _fstring(node: cst.FormattedString) -> Expr:
    return FString([_part(node, part) for part in node.parts])


def _part(node: cst.FormattedString, part: cst.BaseFormattedStringContent) -> Expr:
    """Return a part of an f-string, or of the specification of a format."""
    if isinstance(part, cst.FormattedStringText):
        return Const(_plain_text(node, part.value))
    assert isinstance(part, cst.FormattedStringExpression)
    value = _expression(part.expression)
    if not (part.format_spec or part.conversion or part.equal):
        return value
    conversion = "=" if part.equal else part.conversion
    return Format(value, conversion, [_part(node, inner) for inner in part.format_spec or ()])


def _plain_text(node: cst.FormattedString, value: str) -> str:
    """Return the literal part of an f-string with its escapes resolved."""
    unescaped = value.replace("{{", "{").replace("}}", "}")
    if "\\" not in unescaped or "r" in node.prefix.lower():
        return unescaped
    quote = node.start[len(node.prefix) :]
    evaluated = cst.SimpleString(quote + unescaped + quote).evaluated_value
    return evaluated if isinstance(evaluated, str) else unescaped


def _concatenated(node: cst.ConcatenatedString) -> Expr:
    value = node.evaluated_value
    if isinstance(value, bytes):
        return Literal("bytes", repr(value))
    return FString([_expression(node.left), _expression(node.right)])


def _attribute(node: cst.Attribute) -> Expr:
    return Attr(_expression(node.value), node.attr.value)


def _call(node: cst.Call) -> Expr:
    args: list[Expr] = []
    keywords: list[Keyword] = []
    for argument in node.args:
        if argument.keyword is not None:
            keywords.append(Keyword(argument.keyword.value, _expression(argument.value)))
        elif argument.star == "**":
            keywords.append(Keyword(None, _expression(argument.value)))
        else:
            args.append(_starred(argument.value, argument.star == "*"))
    return Call(_expression(node.func), args, keywords)


def _starred(node: cst.BaseExpression, star: bool) -> Expr:
    value = _expression(node)
    return Star(value) if star else value


def _subscript(node: cst.Subscript) -> Expr:
    items = [_index(element.slice) for element in node.slice]
    tupled = len(items) != 1 or isinstance(node.slice[0].comma, cst.Comma) or isinstance(items[0], Star)
    return Index(_expression(node.value), Tuple(items) if tupled else items[0])


def _index(node: cst.BaseSlice) -> Expr:
    if isinstance(node, cst.Slice):
        return Slice(_optional(node.lower), _optional(node.upper), _optional(node.step))
    assert isinstance(node, cst.Index)
    return _starred(node.value, bool(node.star))


def _items(node: Any) -> list[Expr]:
    return [_starred(element.value, isinstance(element, cst.StarredElement)) for element in node.elements]


def _dict(node: cst.Dict) -> Expr:
    pairs: list[Pair] = []
    for element in node.elements:
        key = _expression(element.key) if isinstance(element, cst.DictElement) else None
        pairs.append(Pair(key, _expression(element.value)))
    return Dict(pairs)


def _binary(node: cst.BinaryOperation) -> Expr:
    operator = _OPERATORS[type(node.operator).__name__]
    return Binary(operator, _expression(node.left), _expression(node.right))


def _unary(node: cst.UnaryOperation) -> Expr:
    return Unary(_OPERATORS[type(node.operator).__name__], _expression(node.expression))


def _boolean(node: cst.BooleanOperation) -> Expr:
    word = "and" if isinstance(node.operator, cst.And) else "or"
    left, right = _expression(node.left), _expression(node.right)
    joined = isinstance(left, Bool) and left.operator == word and not node.left.lpar
    return Bool(word, [*left.items, right] if joined and isinstance(left, Bool) else [left, right])


def _comparison(node: cst.Comparison) -> Expr:
    rest = [
        Comparison(_COMPARISONS[type(target.operator).__name__], _expression(target.comparator))
        for target in node.comparisons
    ]
    return Compare(_expression(node.left), rest)


def _conditional(node: cst.IfExp) -> Expr:
    return IfExpr(_expression(node.test), _expression(node.body), _expression(node.orelse))


def _lambda(node: cst.Lambda) -> Expr:
    return LambdaExpr(_parameters(node.params), _expression(node.body))


def _walrus(node: cst.NamedExpr) -> Expr:
    assert isinstance(node.target, cst.Name)
    return Walrus(node.target.value, _expression(node.value))


def _await(node: cst.Await) -> Expr:
    return Await(_expression(node.expression))


def _yield(node: cst.Yield) -> Expr:
    if isinstance(node.value, cst.From):
        return YieldFrom(_expression(node.value.item))
    return Yield(_optional(node.value))


def _comprehension(kind: str) -> Callable[[Any], Expr]:
    def lower(node: Any) -> Expr:
        element = (
            Pair(_expression(node.key), _expression(node.value)) if kind == "dict" else _expression(node.elt)
        )
        clauses, clause = [], node.for_in
        while clause is not None:
            conditions = [_expression(condition.test) for condition in clause.ifs]
            target, iterable = _expression(clause.target), _expression(clause.iter)
            clauses.append(Clause(target, iterable, conditions, clause.asynchronous is not None))
            clause = clause.inner_for_in
        return Comprehension(kind, element, clauses)

    return lower


_CONSTANTS: dict[str, Expr] = {"None": Const(None), "True": Const(True), "False": Const(False)}

_EXPRESSIONS: dict[str, Callable[[Any], Expr]] = {
    "Name": _name,
    "Integer": _number,
    "Float": _number,
    "Imaginary": _complex,
    "Ellipsis": _ellipsis,
    "SimpleString": _string,
    "FormattedString": _fstring,
    "ConcatenatedString": _concatenated,
    "Attribute": _attribute,
    "Call": _call,
    "Subscript": _subscript,
    "List": lambda node: List(_items(node)),
    "Tuple": lambda node: Tuple(_items(node)),
    "Set": lambda node: Set(_items(node)),
    "Dict": _dict,
    "BinaryOperation": _binary,
    "UnaryOperation": _unary,
    "BooleanOperation": _boolean,
    "Comparison": _comparison,
    "IfExp": _conditional,
    "Lambda": _lambda,
    "NamedExpr": _walrus,
    "Await": _await,
    "Yield": _yield,
    "ListComp": _comprehension("list"),
    "SetComp": _comprehension("set"),
    "DictComp": _comprehension("dict"),
    "GeneratorExp": _comprehension("list"),
}

_OPERATORS = {
    "Add": "+",
    "Subtract": "-",
    "Multiply": "*",
    "Divide": "/",
    "FloorDivide": "//",
    "Modulo": "%",
    "Power": "**",
    "MatrixMultiply": "@",
    "BitAnd": "&",
    "BitOr": "|",
    "BitXor": "^",
    "LeftShift": "<<",
    "RightShift": ">>",
    "Minus": "-",
    "Plus": "+",
    "Not": "not",
    "BitInvert": "~",
}

_COMPARISONS = {
    "Equal": "==",
    "NotEqual": "!=",
    "LessThan": "<",
    "LessThanEqual": "<=",
    "GreaterThan": ">",
    "GreaterThanEqual": ">=",
    "Is": "is",
    "IsNot": "is not",
    "In": "in",
    "NotIn": "not in",
}
