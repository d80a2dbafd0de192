"""The source of a class, method or statement → lowered statements and facts.

Source is read by the standard library's parser. Statements bear positions, expressions none.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from tie_lint.python import expressions
from tie_lint.python.expressions import lower
from tie_lint.python.facts import ClassFacts
from tie_lint.python.nodes import Expr, Keyword
from tie_lint.python.outline import extent_of, import_bindings, method_key, name_span, parse, span_of
from tie_lint.python.patterns import lower_pattern
from tie_lint.python.statements import (
    AnnAssign,
    Assert,
    Assign,
    AugAssign,
    Break,
    Case,
    ClassDef,
    Continue,
    Def,
    Delete,
    ExprStmt,
    For,
    FunctionFacts,
    Global,
    Handler,
    If,
    Import,
    Item,
    Match,
    Nonlocal,
    OpaqueStmt,
    Raise,
    Return,
    Span,
    Stmt,
    Try,
    TypeAliasStmt,
    While,
    With,
)


def lower_expression(text: str) -> Expr:
    """Return an expression's text, which may run over several lines, lowered."""
    return expressions.lower(_Visitor(f"({text}\n)", 1).body[0].value)


def lower_statements(text: str, first_line: int) -> list[Stmt]:
    """Return statements, indented or not, whose text starts at the beginning of ``first_line``, lowered."""
    visitor = _Visitor(text, first_line)
    return visitor.block(visitor.body)


def lower_function(text: str, first_line: int) -> FunctionFacts:
    """Return the facts of a function or method, indented or not, decorators included."""
    visitor = _Visitor(text, first_line)
    return visitor.function(visitor.body[0])


def lower_class(text: str, first_line: int, numbers: Sequence[int] | None = None) -> ClassFacts:
    """Return the facts of a class, indented or not, with whatever methods its text still holds.

    ``numbers`` gives the original number of each line where lines were left out of the text.
    """
    visitor = _Visitor(text, first_line, numbers)
    return visitor.class_(visitor.body[0])


def _is_indented(text: str) -> bool:
    """Whether the first line is: a form feed has the parser count from there."""
    space = text[: len(text) - len(text.lstrip(" \t\f"))]
    return space.rpartition("\f")[2] != ""


class _Visitor:
    """One piece of text."""

    def __init__(self, text: str, first_line: int, numbers: Sequence[int] | None = None) -> None:
        wrapped = _is_indented(text)
        source = f"if 1:\n{text}\n" if wrapped else f"{text}\n"
        tree = parse(source)
        self.lines = source.split("\n")
        self.numbers, self.offset = numbers, 2 if wrapped else 1
        self.shift = first_line - self.offset
        self.body: list[Any] = tree.body[0].body if wrapped else tree.body  # type: ignore[attr-defined]

    def place(self, span: Span) -> Span:
        """Return a span in this text as a span in the file."""
        line, column, end_line, end_column = span
        if self.numbers is not None:
            numbers, offset = self.numbers, self.offset
            return [numbers[line - offset], column, numbers[end_line - offset], end_column]
        return [line + self.shift, column, end_line + self.shift, end_column]

    def at(self, node: ast.AST) -> Span:
        return self.place(span_of(node, self.lines))

    def block(self, nodes: Sequence[ast.stmt]) -> list[Stmt]:
        """Return the statements of a body."""
        return [lowered for node in nodes if (lowered := self.statement(node)) is not None]

    def statement(self, node: ast.stmt) -> Stmt | None:
        handler = STATEMENTS.get(type(node))
        return OpaqueStmt(self.at(node), type(node).__name__) if handler is None else handler(self, node)

    # -- simple statements ----------------------------------------------------------------------------

    def _expr(self, node: ast.Expr) -> Stmt | None:
        if isinstance(node.value, ast.Constant):
            return None  # a docstring, or an ellipsis in its place
        return ExprStmt(self.at(node), lower(node.value))

    def _pass(self, node: ast.Pass) -> None:
        return None

    def _assign(self, node: ast.Assign) -> Stmt:
        return Assign(self.at(node), _each(node.targets), lower(node.value))

    def _ann(self, node: ast.AnnAssign) -> Stmt:
        target, annotation = lower(node.target), lower(node.annotation)
        return AnnAssign(self.at(node), target, annotation, _optional(node.value))

    def _aug(self, node: ast.AugAssign) -> Stmt:
        operator = expressions.OPERATORS[type(node.op)]
        return AugAssign(self.at(node), lower(node.target), operator, lower(node.value))

    def _return(self, node: ast.Return) -> Stmt:
        return Return(self.at(node), _optional(node.value))

    def _raise(self, node: ast.Raise) -> Stmt:
        return Raise(self.at(node), _optional(node.exc), _optional(node.cause))

    def _del(self, node: ast.Delete) -> Stmt:
        first = node.targets[0]
        targets = first.elts if len(node.targets) == 1 and isinstance(first, ast.Tuple) else node.targets
        return Delete(self.at(node), _each(targets))

    def _assert(self, node: ast.Assert) -> Stmt:
        return Assert(self.at(node), lower(node.test), _optional(node.msg))

    def _break(self, node: ast.Break) -> Stmt:
        return Break(self.at(node))

    def _continue(self, node: ast.Continue) -> Stmt:
        return Continue(self.at(node))

    def _global(self, node: ast.Global) -> Stmt:
        return Global(self.at(node), node.names)

    def _nonlocal(self, node: ast.Nonlocal) -> Stmt:
        return Nonlocal(self.at(node), node.names)

    def _import(self, node: ast.Import | ast.ImportFrom) -> Stmt:
        return Import(self.at(node), list(import_bindings(node)))

    def _type_alias(self, node: Any) -> Stmt:
        return TypeAliasStmt(self.at(node), node.name.id, lower(node.value))

    # -- statements with bodies -----------------------------------------------------------------------

    def _if(self, node: ast.If) -> Stmt:
        arms = [node]  # one after the other: a thousand of them nest no deeper in the source than one
        while len(arms[-1].orelse) == 1 and isinstance(arms[-1].orelse[0], ast.If):
            arms.append(arms[-1].orelse[0])
        lowered = self.block(arms[-1].orelse)
        for arm in reversed(arms):
            lowered = [If(self.at(arm), lower(arm.test), self.block(arm.body), lowered)]
        return lowered[0]

    def _for(self, node: ast.For | ast.AsyncFor) -> Stmt:
        target, iterable = lower(node.target), lower(node.iter)
        body, orelse = self.block(node.body), self.block(node.orelse)
        return For(self.at(node), target, iterable, body, orelse, isinstance(node, ast.AsyncFor))

    def _while(self, node: ast.While) -> Stmt:
        return While(self.at(node), lower(node.test), self.block(node.body), self.block(node.orelse))

    def _with(self, node: ast.With | ast.AsyncWith) -> Stmt:
        items = [Item(lower(item.context_expr), _optional(item.optional_vars)) for item in node.items]
        return With(self.at(node), items, self.block(node.body), isinstance(node, ast.AsyncWith))

    def _try(self, node: Any) -> Stmt:
        handlers = [Handler(_optional(one.type), one.name, self.block(one.body)) for one in node.handlers]
        body, orelse, final = map(self.block, (node.body, node.orelse, node.finalbody))
        return Try(self.at(node), body, handlers, orelse, final, not isinstance(node, ast.Try))

    def _match(self, node: ast.Match) -> Stmt:
        cases = [
            Case(lower_pattern(case.pattern, lower), _optional(case.guard), self.block(case.body))
            for case in node.cases
        ]
        return Match(self.at(node), lower(node.subject), cases)

    # -- definitions ----------------------------------------------------------------------------------

    def _def(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Stmt:
        return Def(self.at(node), self.function(node))

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> FunctionFacts:
        """Return the facts of a function definition."""
        return FunctionFacts(
            method_key(node),
            self.place(name_span(node, self.lines)),
            expressions.parameters(node.args),
            _each(node.decorator_list),
            self.block(node.body),
            self.place(extent_of(node, self.lines)),
            isinstance(node, ast.AsyncFunctionDef),
            _type_params(node),
        )

    def _class(self, node: ast.ClassDef) -> Stmt:
        body = self.block(node.body)
        bases, decorators = _each(node.bases), _each(node.decorator_list)
        return ClassDef(
            self.at(node), node.name, bases, self.keywords(node), decorators, body, _type_params(node)
        )

    def class_(self, node: ast.ClassDef) -> ClassFacts:
        """Return the facts of a class definition."""
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
            _each(node.bases),
            self.keywords(node),
            _each(node.decorator_list),
            body,
            methods,
            self.place(extent_of(node, self.lines)),
            type_params=_type_params(node),
        )

    def keywords(self, node: ast.ClassDef) -> list[Keyword]:
        return [Keyword(keyword.arg, lower(keyword.value)) for keyword in node.keywords]


def _optional(node: ast.expr | None) -> Expr | None:
    return None if node is None else lower(node)


def _each(nodes: Sequence[ast.expr]) -> list[Expr]:
    return [lower(node) for node in nodes]


def _type_params(node: ast.AST) -> Sequence[str]:
    return tuple(param.name for param in getattr(node, "type_params", ()))


STATEMENTS: dict[type[ast.stmt], Callable[[_Visitor, Any], Stmt | None]] = {
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
    ast.Match: _Visitor._match,
    ast.Raise: _Visitor._raise,
    ast.Delete: _Visitor._del,
    ast.Assert: _Visitor._assert,
    ast.Break: _Visitor._break,
    ast.Continue: _Visitor._continue,
    ast.Global: _Visitor._global,
    ast.Nonlocal: _Visitor._nonlocal,
    ast.Import: _Visitor._import,
    ast.ImportFrom: _Visitor._import,
    ast.FunctionDef: _Visitor._def,
    ast.AsyncFunctionDef: _Visitor._def,
    ast.ClassDef: _Visitor._class,
}
"""How each kind of statement of this Python's grammar is lowered."""
for _newer, _lower in (("TryStar", _Visitor._try), ("TypeAlias", _Visitor._type_alias)):
    if hasattr(ast, _newer):
        STATEMENTS[getattr(ast, _newer)] = _lower
