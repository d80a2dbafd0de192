"""The libcst visitor: the source of a class, method or statement → facts.

It walks by hand (libcst's own traversal rebuilds every node it meets) and lowers what it meets to the
language of :mod:`tie_lint.python.facts`; what that language has no word for becomes ``opaque``.
Positions come from the standard library's parser, whose statements pair one to one with libcst's.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst

from tie_lint.python.facts import ClassFacts, Expr, FunctionFacts, Span, Stmt
from tie_lint.python.outline import extent_of, import_bindings, method_key, name_span, parse, span_of

DEEPEST = 90
"""Nesting beyond which text is not handed to libcst, whose native parser can overflow the stack."""


class TooDeepError(Exception):
    """The text nests deeper than :data:`DEEPEST`."""


def lower_expression(text: str) -> Expr:
    """An expression's text, which may run over several lines, as facts."""
    tree = parse(f"({text}\n)")
    _bound_depth(tree)
    return _expression(cst.parse_expression(f"({text}\n)"))


def lower_statements(text: str, first_line: int) -> list[Stmt]:
    """Statements, indented or not, whose text starts at the beginning of ``first_line``."""
    visitor = _Visitor(text, first_line)
    return visitor.block(visitor.cst_body, visitor.ast_body)


def lower_function(text: str, first_line: int) -> FunctionFacts:
    """A function or method, indented or not, decorators included."""
    visitor = _Visitor(text, first_line)
    cst_node, ast_node = visitor.cst_body[0], visitor.ast_body[0]
    assert isinstance(cst_node, cst.FunctionDef)
    return visitor.function(cst_node, ast_node)


def lower_class(text: str, first_line: int, numbers: Sequence[int] | None = None) -> ClassFacts:
    """A class, indented or not, with whatever methods its text still holds.

    ``numbers`` gives the original number of each line where lines were left out of the text.
    """
    visitor = _Visitor(text, first_line, numbers)
    cst_node, ast_node = visitor.cst_body[0], visitor.ast_body[0]
    assert isinstance(cst_node, cst.ClassDef)
    return visitor.class_(cst_node, ast_node)


def _bound_depth(tree: ast.AST) -> None:
    """Raise :class:`TooDeepError` when a tree nests deeper than libcst can be trusted with."""
    level: list[Any] = [tree]
    for _ in range(DEEPEST):
        parts = [part for node in level for part in vars(node).values()]
        level = [part for part in parts if isinstance(part, ast.AST)]
        level += [item for part in parts if type(part) is list for item in part if isinstance(item, ast.AST)]
        if not level:
            return
    raise TooDeepError


class _Visitor:
    """One piece of text, parsed by both parsers."""

    def __init__(self, text: str, first_line: int, numbers: Sequence[int] | None = None) -> None:
        wrapped = text[:1] in (" ", "\t", "\f")
        source = f"if 1:\n{text}\n" if wrapped else f"{text}\n"
        tree = parse(source)
        _bound_depth(tree)
        module = cst.parse_module(source)
        self.lines = source.split("\n")
        self.numbers, self.shift = numbers, first_line - (2 if wrapped else 1)
        self.wrapped = wrapped
        self.cst_body: Sequence[Any] = module.body
        self.ast_body: Sequence[Any] = tree.body
        if wrapped:
            self.cst_body = module.body[0].body.body  # type: ignore[union-attr]
            self.ast_body = tree.body[0].body  # type: ignore[attr-defined]

    def place(self, span: Span) -> Span:
        """A span in this text as a span in the file."""
        line, column, end_line, end_column = span
        if self.numbers is not None:
            offset = 2 if self.wrapped else 1
            return [self.numbers[line - offset], column, self.numbers[end_line - offset], end_column]
        return [line + self.shift, column, end_line + self.shift, end_column]

    def at(self, node: ast.AST) -> Span:
        return self.place(span_of(node, self.lines))

    def block(self, nodes: Sequence[Any], trees: Sequence[Any]) -> list[Stmt]:
        """Statements of a body, each libcst statement paired with its ``ast`` twin."""
        flat = [small for node in nodes for small in _small_statements(node)]
        return [
            lowered
            for node, tree in zip(flat, trees, strict=True)
            if (lowered := self.statement(node, tree)) is not None
        ]

    def suite(self, suite: cst.BaseSuite, trees: Sequence[Any]) -> list[Stmt]:
        return self.block(suite.body, trees)

    def statement(self, node: Any, tree: Any) -> Stmt | None:
        kind = type(node).__name__
        handler = _STATEMENTS.get(kind)
        if handler is None:
            return ["opaque", self.at(tree), kind]
        return handler(self, node, tree)

    def _expr(self, node: cst.Expr, tree: Any) -> Stmt | None:
        if isinstance(tree.value, ast.Constant):
            return None  # a docstring, or an ellipsis in its place
        return ["expr", self.at(tree), _expression(node.value)]

    def _pass(self, node: cst.Pass, tree: Any) -> None:
        return None

    def _assign(self, node: cst.Assign, tree: Any) -> Stmt:
        targets = [_expression(target.target) for target in node.targets]
        return ["assign", self.at(tree), targets, _expression(node.value)]

    def _ann(self, node: cst.AnnAssign, tree: Any) -> Stmt:
        annotation = _expression(node.annotation.annotation)
        return ["ann", self.at(tree), _expression(node.target), annotation, _optional(node.value)]

    def _aug(self, node: cst.AugAssign, tree: Any) -> Stmt:
        operator = _AUGMENTED.get(type(node.operator).__name__, "?")
        return ["aug", self.at(tree), _expression(node.target), operator, _expression(node.value)]

    def _return(self, node: cst.Return, tree: Any) -> Stmt:
        return ["return", self.at(tree), _optional(node.value)]

    def _if(self, node: cst.If, tree: ast.If) -> Stmt:
        body = self.suite(node.body, tree.body)
        orelse: list[Stmt] = []
        if isinstance(node.orelse, cst.If):
            orelse = [self._if(node.orelse, tree.orelse[0])]  # type: ignore[arg-type]
        elif node.orelse is not None:
            orelse = self.suite(node.orelse.body, tree.orelse)
        return ["if", self.at(tree), _expression(node.test), body, orelse]

    def _for(self, node: cst.For, tree: ast.For) -> Stmt:
        body, orelse = self.suite(node.body, tree.body), self._orelse(node, tree)
        return ["for", self.at(tree), _expression(node.target), _expression(node.iter), body, orelse]

    def _while(self, node: cst.While, tree: ast.While) -> Stmt:
        body = self.suite(node.body, tree.body)
        return ["while", self.at(tree), _expression(node.test), body, self._orelse(node, tree)]

    def _orelse(self, node: cst.For | cst.While | cst.Try, tree: Any) -> list[Stmt]:
        return self.suite(node.orelse.body, tree.orelse) if node.orelse is not None else []

    def _with(self, node: cst.With, tree: ast.With) -> Stmt:
        items = [
            [_expression(item.item), _expression(item.asname.name) if item.asname else None]
            for item in node.items
        ]
        return ["with", self.at(tree), items, self.suite(node.body, tree.body)]

    def _try(self, node: cst.Try, tree: ast.Try) -> Stmt:
        handlers = [
            [
                _optional(handler.type),
                twin.name,
                self.suite(handler.body, twin.body),
            ]
            for handler, twin in zip(node.handlers, tree.handlers, strict=True)
        ]
        final = self.suite(node.finalbody.body, tree.finalbody) if node.finalbody is not None else []
        body = self.suite(node.body, tree.body)
        return ["try", self.at(tree), body, handlers, self._orelse(node, tree), final]

    def _raise(self, node: cst.Raise, tree: Any) -> Stmt:
        return ["raise", self.at(tree), _optional(node.exc)]

    def _del(self, node: cst.Del, tree: Any) -> Stmt:
        target = _expression(node.target)
        return ["del", self.at(tree), target[1] if target[0] == "tuple" else [target]]

    def _assert(self, node: cst.Assert, tree: Any) -> Stmt:
        return ["assert", self.at(tree), _expression(node.test)]

    def _break(self, node: cst.Break, tree: Any) -> Stmt:
        return ["break", self.at(tree)]

    def _continue(self, node: cst.Continue, tree: Any) -> Stmt:
        return ["continue", self.at(tree)]

    def _import(self, node: Any, tree: ast.Import | ast.ImportFrom) -> Stmt:
        return ["import", self.at(tree), list(import_bindings(tree))]

    def _def(self, node: cst.FunctionDef, tree: Any) -> Stmt:
        return ["def", self.at(tree), self.function(node, tree).as_json()]

    def function(self, node: cst.FunctionDef, tree: ast.FunctionDef) -> FunctionFacts:
        """The facts of a function definition."""
        return FunctionFacts(
            method_key(tree),
            self.place(name_span(tree, self.lines)),
            _parameters(node.params),
            [_expression(decorator.decorator) for decorator in node.decorators],
            self.suite(node.body, tree.body),
            self.place(extent_of(tree, self.lines)),
        )

    def class_(self, node: cst.ClassDef, tree: ast.ClassDef) -> ClassFacts:
        """The facts of a class definition."""
        body: list[Stmt] = []
        methods: dict[str, FunctionFacts] = {}
        flat = [small for item in node.body.body for small in _small_statements(item)]
        for item, twin in zip(flat, tree.body, strict=True):
            if isinstance(item, cst.FunctionDef):
                facts = self.function(item, twin)  # type: ignore[arg-type]
                methods[facts.name] = facts
            elif (lowered := self.statement(item, twin)) is not None:
                body.append(lowered)
        return ClassFacts(
            tree.name,
            self.place(name_span(tree, self.lines)),
            [_argument(base) for base in node.bases],
            [
                [argument.keyword.value, _expression(argument.value)]
                for argument in node.keywords
                if argument.keyword
            ],
            [_expression(decorator.decorator) for decorator in node.decorators],
            body,
            methods,
            self.place(extent_of(tree, self.lines)),
        )


def _small_statements(node: Any) -> Sequence[Any]:
    return node.body if isinstance(node, cst.SimpleStatementLine) else (node,)


_STATEMENTS: dict[str, Callable[[_Visitor, Any, Any], Stmt | None]] = {
    "Expr": _Visitor._expr,
    "Pass": _Visitor._pass,
    "Assign": _Visitor._assign,
    "AnnAssign": _Visitor._ann,
    "AugAssign": _Visitor._aug,
    "Return": _Visitor._return,
    "If": _Visitor._if,
    "For": _Visitor._for,
    "While": _Visitor._while,
    "With": _Visitor._with,
    "Try": _Visitor._try,
    "Raise": _Visitor._raise,
    "Del": _Visitor._del,
    "Assert": _Visitor._assert,
    "Break": _Visitor._break,
    "Continue": _Visitor._continue,
    "Import": _Visitor._import,
    "ImportFrom": _Visitor._import,
    "FunctionDef": _Visitor._def,
}


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

_AUGMENTED = {f"{name}Assign": sign for name, sign in _OPERATORS.items()}

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
