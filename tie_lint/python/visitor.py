"""The source of a class, method or statement → facts.

Its statements and their positions come from the standard library's parser, its expressions are handed to
libcst (:mod:`tie_lint.python.expressions`), but for dotted names, of which there is nothing to find out.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from tie_lint.python import expressions
from tie_lint.python.facts import ClassFacts, Expr, FunctionFacts, Span, Stmt
from tie_lint.python.outline import (
    dotted,
    extent_of,
    import_bindings,
    method_key,
    name_span,
    parse,
    span_of,
    text_at,
)

DEEPEST = 90
"""Nesting beyond which text is not handed to libcst, whose native parser can overflow the stack."""


class TooDeepError(Exception):
    """The text nests deeper than :data:`DEEPEST`."""


def lower_expression(text: str) -> Expr:
    """An expression's text, which may run over several lines, as facts."""
    tree = parse(f"({text}\n)")
    _bound_depth(tree)
    return expressions.lower_expression(text)


def lower_statements(text: str, first_line: int) -> list[Stmt]:
    """Statements, indented or not, whose text starts at the beginning of ``first_line``."""
    visitor = _Visitor(text, first_line)
    return visitor.block(visitor.body)


def lower_function(text: str, first_line: int) -> FunctionFacts:
    """A function or method, indented or not, decorators included."""
    visitor = _Visitor(text, first_line)
    return visitor.function(visitor.body[0])


def lower_class(text: str, first_line: int, numbers: Sequence[int] | None = None) -> ClassFacts:
    """A class, indented or not, with whatever methods its text still holds.

    ``numbers`` gives the original number of each line where lines were left out of the text.
    """
    visitor = _Visitor(text, first_line, numbers)
    return visitor.class_(visitor.body[0])


def _bound_depth(tree: ast.AST) -> None:
    """Raise :class:`TooDeepError` when a tree nests deeper than libcst can be trusted with."""
    level: list[Any] = [tree]
    for _ in range(DEEPEST):
        # By fields: other tools of the process hang things on nodes, even on those that all trees share.
        parts = [getattr(node, name, None) for node in level for name in node._fields]
        level = [part for part in parts if isinstance(part, ast.AST)]
        level += [item for part in parts if type(part) is list for item in part if isinstance(item, ast.AST)]
        if not level:
            return
    raise TooDeepError


class _Visitor:
    """One piece of text."""

    def __init__(self, text: str, first_line: int, numbers: Sequence[int] | None = None) -> None:
        wrapped = text[:1] in (" ", "\t", "\f")
        source = f"if 1:\n{text}\n" if wrapped else f"{text}\n"
        tree = parse(source)
        _bound_depth(tree)
        self.lines = source.split("\n")
        self.numbers, self.offset = numbers, 2 if wrapped else 1
        self.shift = first_line - self.offset
        self.body: list[Any] = tree.body[0].body if wrapped else tree.body  # type: ignore[attr-defined]

    def place(self, span: Span) -> Span:
        """A span in this text as a span in the file."""
        line, column, end_line, end_column = span
        if self.numbers is not None:
            numbers, offset = self.numbers, self.offset
            return [numbers[line - offset], column, numbers[end_line - offset], end_column]
        return [line + self.shift, column, end_line + self.shift, end_column]

    def at(self, node: ast.AST) -> Span:
        return self.place(span_of(node, self.lines))

    def expression(self, node: ast.expr) -> Expr:
        name = dotted(node)
        if name is not None:
            return name
        if isinstance(node, ast.Starred):
            return ["star", self.expression(node.value)]
        return expressions.lower_expression(text_at(span_of(node, self.lines), self.lines))

    def optional(self, node: ast.expr | None) -> Expr | None:
        return None if node is None else self.expression(node)

    def block(self, nodes: Sequence[ast.stmt]) -> list[Stmt]:
        """Statements of a body."""
        return [lowered for node in nodes if (lowered := self.statement(node)) is not None]

    def statement(self, node: ast.stmt) -> Stmt | None:
        handler = _STATEMENTS.get(type(node))
        return ["opaque", self.at(node), type(node).__name__] if handler is None else handler(self, node)

    def _expr(self, node: ast.Expr) -> Stmt | None:
        if isinstance(node.value, ast.Constant):
            return None  # a docstring, or an ellipsis in its place
        return ["expr", self.at(node), self.expression(node.value)]

    def _pass(self, node: ast.Pass) -> None:
        return None

    def _assign(self, node: ast.Assign) -> Stmt:
        targets = [self.expression(target) for target in node.targets]
        return ["assign", self.at(node), targets, self.expression(node.value)]

    def _ann(self, node: ast.AnnAssign) -> Stmt:
        target, annotation = self.expression(node.target), self.expression(node.annotation)
        return ["ann", self.at(node), target, annotation, self.optional(node.value)]

    def _aug(self, node: ast.AugAssign) -> Stmt:
        operator = _AUGMENTED[type(node.op)]
        return ["aug", self.at(node), self.expression(node.target), operator, self.expression(node.value)]

    def _return(self, node: ast.Return) -> Stmt:
        return ["return", self.at(node), self.optional(node.value)]

    def _if(self, node: ast.If) -> Stmt:
        return [
            "if",
            self.at(node),
            self.expression(node.test),
            self.block(node.body),
            self.block(node.orelse),
        ]

    def _for(self, node: ast.For | ast.AsyncFor) -> Stmt:
        target, iterable = self.expression(node.target), self.expression(node.iter)
        return ["for", self.at(node), target, iterable, self.block(node.body), self.block(node.orelse)]

    def _while(self, node: ast.While) -> Stmt:
        test = self.expression(node.test)
        return ["while", self.at(node), test, self.block(node.body), self.block(node.orelse)]

    def _with(self, node: ast.With | ast.AsyncWith) -> Stmt:
        items = [
            [self.expression(item.context_expr), self.optional(item.optional_vars)] for item in node.items
        ]
        return ["with", self.at(node), items, self.block(node.body)]

    def _try(self, node: ast.Try) -> Stmt:
        handlers = [[self.optional(one.type), one.name, self.block(one.body)] for one in node.handlers]
        body, orelse, final = map(self.block, (node.body, node.orelse, node.finalbody))
        return ["try", self.at(node), body, handlers, orelse, final]

    def _raise(self, node: ast.Raise) -> Stmt:
        return ["raise", self.at(node), self.optional(node.exc)]

    def _del(self, node: ast.Delete) -> Stmt:
        first = node.targets[0]
        targets = first.elts if len(node.targets) == 1 and isinstance(first, ast.Tuple) else node.targets
        return ["del", self.at(node), [self.expression(target) for target in targets]]

    def _assert(self, node: ast.Assert) -> Stmt:
        return ["assert", self.at(node), self.expression(node.test)]

    def _break(self, node: ast.Break) -> Stmt:
        return ["break", self.at(node)]

    def _continue(self, node: ast.Continue) -> Stmt:
        return ["continue", self.at(node)]

    def _import(self, node: ast.Import | ast.ImportFrom) -> Stmt:
        return ["import", self.at(node), list(import_bindings(node))]

    def _def(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Stmt:
        return ["def", self.at(node), self.function(node).as_json()]

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> FunctionFacts:
        """The facts of a function definition."""
        return FunctionFacts(
            method_key(node),
            self.place(name_span(node, self.lines)),
            self.parameters(node.args),
            [self.expression(decorator) for decorator in node.decorator_list],
            self.block(node.body),
            self.place(extent_of(node, self.lines)),
        )

    def parameters(self, found: ast.arguments) -> list[list[Any]]:
        first = [*found.posonlyargs, *found.args]
        defaults = [*[None] * (len(first) - len(found.defaults)), *found.defaults]
        listed = [self.parameter(one, "pos", value) for one, value in zip(first, defaults, strict=True)]
        if found.vararg is not None:
            listed.append(self.parameter(found.vararg, "*"))
        named = zip(found.kwonlyargs, found.kw_defaults, strict=True)
        listed.extend(self.parameter(one, "kw", value) for one, value in named)
        if found.kwarg is not None:
            listed.append(self.parameter(found.kwarg, "**"))
        return listed

    def parameter(self, found: ast.arg, kind: str, default: ast.expr | None = None) -> list[Any]:
        return [found.arg, kind, self.optional(default), self.optional(found.annotation)]

    def class_(self, node: ast.ClassDef) -> ClassFacts:
        """The facts of a class definition."""
        body: list[Stmt] = []
        methods: dict[str, FunctionFacts] = {}
        for item in node.body:
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
                facts = self.function(item)
                methods[facts.name] = facts
            elif (lowered := self.statement(item)) is not None:
                body.append(lowered)
        return ClassFacts(
            node.name,
            self.place(name_span(node, self.lines)),
            [self.expression(base) for base in node.bases],
            [[keyword.arg, self.expression(keyword.value)] for keyword in node.keywords if keyword.arg],
            [self.expression(decorator) for decorator in node.decorator_list],
            body,
            methods,
            self.place(extent_of(node, self.lines)),
        )


_STATEMENTS: dict[type[ast.stmt], Callable[[_Visitor, Any], Stmt | None]] = {
    ast.Expr: _Visitor._expr,
    ast.Pass: _Visitor._pass,
    ast.Assign: _Visitor._assign,
    ast.AnnAssign: _Visitor._ann,
    ast.AugAssign: _Visitor._aug,
    ast.Return: _Visitor._return,
    ast.If: _Visitor._if,
    ast.For: _Visitor._for,
    ast.AsyncFor: _Visitor._for,
    ast.While: _Visitor._while,
    ast.With: _Visitor._with,
    ast.AsyncWith: _Visitor._with,
    ast.Try: _Visitor._try,
    ast.Raise: _Visitor._raise,
    ast.Delete: _Visitor._del,
    ast.Assert: _Visitor._assert,
    ast.Break: _Visitor._break,
    ast.Continue: _Visitor._continue,
    ast.Import: _Visitor._import,
    ast.ImportFrom: _Visitor._import,
    ast.FunctionDef: _Visitor._def,
    ast.AsyncFunctionDef: _Visitor._def,
}

_AUGMENTED: dict[type[ast.operator], str] = {
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
