"""The libcst visitor: the text of an expression → facts.

It walks by hand (libcst's own traversal rebuilds every node it meets) and lowers what it meets to the
language of :mod:`tie_lint.python.facts`; what that language has no word for becomes ``opaque``. Facts of
expressions bear no positions, and model code says the same things again and again: a text is lowered once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import libcst as cst

from tie_lint.python.facts import Expr

KNOWN_TEXTS = 2**15
"""How many lowered texts are kept: the library's own models hold 21 000 different ones."""


def lower_expression(text: str) -> Expr:
    """An expression's text, which may run over several lines, as facts that are to be left as they are.

    The text has been read and bounded by the standard library's parser before.
    """
    # Each lambda has parameters of its own, whose defaults are told apart by identity.
    return _lower(text) if "lambda" in text else _lower_once(text)


def _lower(text: str) -> Expr:
    return _expression(cst.parse_expression(f"({text}\n)"))


_lower_once = functools.lru_cache(maxsize=KNOWN_TEXTS)(_lower)


def _parameters(params: cst.Parameters) -> list[list[Any]]:
    found = [_parameter(param, "pos") for param in [*params.posonly_params, *params.params]]
    if isinstance(params.star_arg, cst.Param):
        found.append(_parameter(params.star_arg, "*"))
    found.extend(_parameter(param, "kw") for param in params.kwonly_params)
    if params.star_kwarg is not None:
        found.append(_parameter(params.star_kwarg, "**"))
    return found


def _parameter(param: cst.Param, kind: str) -> list[Any]:
    annotation = _expression(param.annotation.annotation) if param.annotation is not None else None
    return [param.name.value, kind, _optional(param.default), annotation]


def _optional(node: cst.BaseExpression | None) -> Expr | None:
    return None if node is None else _expression(node)


def _expression(node: Any) -> Expr:
    kind = type(node).__name__
    handler = _EXPRESSIONS.get(kind)
    return ["opaque", kind] if handler is None else handler(node)


def _name(node: cst.Name) -> Expr:
    constant = _CONSTANTS.get(node.value)
    return constant if constant is not None else ["name", node.value]


def _number(node: Any) -> Expr:
    return ["const", int(node.value) if node.value.isdecimal() else node.evaluated_value]


def _string(node: Any) -> Expr:
    text = node.value
    if text[0] in "\"'" and text[1] != text[0] and "\\" not in text:
        return ["const", text[1:-1]]  # libcst would call the whole parser to evaluate it
    value = node.evaluated_value
    return ["const", value] if isinstance(value, str) else ["opaque", "bytes"]


def _fstring(node: cst.FormattedString) -> Expr:
    parts: list[Expr] = []
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            parts.append(["const", _plain_text(node, part.value)])
        elif isinstance(part, cst.FormattedStringExpression) and not (
            part.format_spec or part.conversion or part.equal
        ):
            parts.append(_expression(part.expression))
        else:
            parts.append(["opaque", "format"])
    return ["fstr", parts]


def _plain_text(node: cst.FormattedString, value: str) -> str:
    """The literal part of an f-string with its escapes resolved."""
    unescaped = value.replace("{{", "{").replace("}}", "}")
    if "\\" not in unescaped or "r" in node.prefix.lower():
        return unescaped
    quote = node.start[len(node.prefix) :]
    evaluated = cst.SimpleString(quote + unescaped + quote).evaluated_value
    return evaluated if isinstance(evaluated, str) else unescaped


def _concatenated(node: cst.ConcatenatedString) -> Expr:
    return ["fstr", [_expression(node.left), _expression(node.right)]]


def _attribute(node: cst.Attribute) -> Expr:
    return ["attr", _expression(node.value), node.attr.value]


def _call(node: cst.Call) -> Expr:
    args: list[Expr] = []
    keywords: list[list[Any]] = []
    for argument in node.args:
        if argument.keyword is not None:
            keywords.append([argument.keyword.value, _expression(argument.value)])
        elif argument.star == "**":
            keywords.append([None, _expression(argument.value)])
        else:
            args.append(_argument(argument))
    return ["call", _expression(node.func), args, keywords]


def _argument(node: cst.Arg) -> Expr:
    value = _expression(node.value)
    return ["star", value] if node.star == "*" else value


def _subscript(node: cst.Subscript) -> Expr:
    items = [_index(element.slice) for element in node.slice]
    tupled = len(items) != 1 or isinstance(node.slice[0].comma, cst.Comma)
    return ["index", _expression(node.value), ["tuple", items] if tupled else items[0]]


def _index(node: cst.BaseSlice) -> Expr:
    if isinstance(node, cst.Slice):
        return ["slice", _optional(node.lower), _optional(node.upper), _optional(node.step)]
    assert isinstance(node, cst.Index)
    return ["star", _expression(node.value)] if node.star else _expression(node.value)


def _sequence(kind: str) -> Callable[[Any], Expr]:
    def lower(node: Any) -> Expr:
        return [kind, [_element(element) for element in node.elements]]

    return lower


def _element(node: cst.BaseElement) -> Expr:
    value = _expression(node.value)
    return ["star", value] if isinstance(node, cst.StarredElement) else value


def _dict(node: cst.Dict) -> Expr:
    pairs: list[list[Any]] = []
    for element in node.elements:
        key = _expression(element.key) if isinstance(element, cst.DictElement) else None
        pairs.append([key, _expression(element.value)])
    return ["dict", pairs]


def _binary(node: cst.BinaryOperation) -> Expr:
    operator = _OPERATORS.get(type(node.operator).__name__, "?")
    return ["bin", operator, _expression(node.left), _expression(node.right)]


def _unary(node: cst.UnaryOperation) -> Expr:
    operator = _OPERATORS.get(type(node.operator).__name__, "?")
    return ["un", operator, _expression(node.expression)]


def _boolean(node: cst.BooleanOperation) -> Expr:
    word = "and" if isinstance(node.operator, cst.And) else "or"
    left, right = _expression(node.left), _expression(node.right)
    items = left[2] if left[0] == "bool" and left[1] == word and not node.left.lpar else [left]
    return ["bool", word, [*items, right]]


def _comparison(node: cst.Comparison) -> Expr:
    rest = [
        [_COMPARISONS.get(type(target.operator).__name__, "?"), _expression(target.comparator)]
        for target in node.comparisons
    ]
    return ["cmp", _expression(node.left), rest]


def _conditional(node: cst.IfExp) -> Expr:
    return ["if", _expression(node.test), _expression(node.body), _expression(node.orelse)]


def _lambda(node: cst.Lambda) -> Expr:
    return ["lambda", _parameters(node.params), _expression(node.body)]


def _walrus(node: cst.NamedExpr) -> Expr:
    return ["walrus", _expression(node.target)[1], _expression(node.value)]


def _comprehension(kind: str) -> Callable[[Any], Expr]:
    def lower(node: Any) -> Expr:
        element = (
            [_expression(node.key), _expression(node.value)] if kind == "dict" else _expression(node.elt)
        )
        clauses, clause = [], node.for_in
        while clause is not None:
            conditions = [_expression(condition.test) for condition in clause.ifs]
            clauses.append([_expression(clause.target), _expression(clause.iter), conditions])
            clause = clause.inner_for_in
        return ["comp", kind, element, clauses]

    return lower


_CONSTANTS: dict[str, Expr] = {"None": ["const", None], "True": ["const", True], "False": ["const", False]}

_EXPRESSIONS: dict[str, Callable[[Any], Expr]] = {
    "Name": _name,
    "Integer": _number,
    "Float": _number,
    "SimpleString": _string,
    "FormattedString": _fstring,
    "ConcatenatedString": _concatenated,
    "Attribute": _attribute,
    "Call": _call,
    "Subscript": _subscript,
    "List": _sequence("list"),
    "Tuple": _sequence("tuple"),
    "Set": _sequence("set"),
    "Dict": _dict,
    "BinaryOperation": _binary,
    "UnaryOperation": _unary,
    "BooleanOperation": _boolean,
    "Comparison": _comparison,
    "IfExp": _conditional,
    "Lambda": _lambda,
    "NamedExpr": _walrus,
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
