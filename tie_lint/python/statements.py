"""The language that source is lowered to: statements, the patterns of ``match``, and functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from tie_lint.python.node import Node
from tie_lint.python.nodes import Expr, Keyword, Parameter

Span: TypeAlias = list[int]
"""``[line, column, end_line, end_column]``, counted from 1, the end exclusive."""

ImportFacts: TypeAlias = list[Any]
"""``[module, level, attribute | None]``"""

NOWHERE: Span = []
"""The span of what has no place in a file that anyone looks at (the bundled index keeps no positions)."""


class Stmt(Node):
    """A statement."""

    at: Span


class Assign(Stmt, word="assign"):
    """``target = target = value``"""

    targets: list[Expr]
    value: Expr


class AugAssign(Stmt, word="aug"):
    """``target operator= value``"""

    target: Expr
    operator: str
    value: Expr


class AnnAssign(Stmt, word="ann"):
    """``target: annotation = value``"""

    target: Expr
    annotation: Expr
    value: Expr | None


class ExprStmt(Stmt, word="expr"):
    """An expression by itself."""

    value: Expr


class Return(Stmt, word="return"):
    """``return value``"""

    value: Expr | None


class If(Stmt, word="if"):
    """``if``; an ``elif`` is the only statement of ``orelse``."""

    test: Expr
    body: list[Stmt]
    orelse: list[Stmt]


class For(Stmt, word="for"):
    """``for target in iterable``"""

    target: Expr
    iterable: Expr
    body: list[Stmt]
    orelse: list[Stmt]
    is_async: bool = False


class While(Stmt, word="while"):
    """``while test``"""

    test: Expr
    body: list[Stmt]
    orelse: list[Stmt]


class With(Stmt, word="with"):
    """``with item, item``"""

    items: list[Item]
    body: list[Stmt]
    is_async: bool = False


class Item(Node):
    """``context as target``"""

    context: Expr
    target: Expr | None


class Try(Stmt, word="try"):
    """``try``; ``is_group`` where its handlers are ``except*``."""

    body: list[Stmt]
    handlers: list[Handler]
    orelse: list[Stmt]
    final: list[Stmt]
    is_group: bool = False


class Handler(Node):
    """``except type as name``"""

    type: Expr | None
    name: str | None
    body: list[Stmt]


class Match(Stmt, word="match"):
    """``match subject``"""

    subject: Expr
    cases: list[Case]


class Case(Node):
    """``case pattern if guard``"""

    pattern: Pattern
    guard: Expr | None
    body: list[Stmt]


class Raise(Stmt, word="raise"):
    """``raise error from cause``"""

    error: Expr | None
    cause: Expr | None = None


class Delete(Stmt, word="del"):
    """``del target, target``"""

    targets: list[Expr]


class Assert(Stmt, word="assert"):
    """``assert test, message``"""

    test: Expr
    message: Expr | None = None


class Break(Stmt, word="break"):
    """``break``"""


class Continue(Stmt, word="continue"):
    """``continue``"""


class Global(Stmt, word="global"):
    """``global name, name``"""

    names: list[str]


class Nonlocal(Stmt, word="nonlocal"):
    """``nonlocal name, name``"""

    names: list[str]


class Import(Stmt, word="import"):
    """``import`` of either form."""

    names: list[Alias]


class Alias(Node):
    """A name that an import binds: to a module, or to the attribute of one."""

    name: str
    module: str
    level: int
    attribute: str | None


class TypeAliasStmt(Stmt, word="type"):
    """``type name = value``"""

    name: str
    value: Expr


class Def(Stmt, word="def"):
    """``def`` inside a function, or where a class defines a method under a condition."""

    function: FunctionFacts


class ClassDef(Stmt, word="class"):
    """``class`` inside a function or a class, methods among its statements."""

    name: str
    bases: list[Expr]
    keywords: list[Keyword]
    decorators: list[Expr]
    body: list[Stmt]
    type_params: Sequence[str] = ()


class OpaqueStmt(Stmt, word="opaque"):
    """Something that the language has no word for, or that nests too deeply to be read."""

    what: str


class FunctionFacts(Node):
    """A function or method: its parameters, decorators and lowered body."""

    name: str
    at: Span
    """The name in the header."""
    params: list[Parameter]
    decorators: list[Expr]
    body: list[Stmt]
    extent: Span
    """First decorator or ``def`` to the last statement."""
    is_async: bool = False
    type_params: Sequence[str] = ()


class Pattern(Node):
    """What a ``case`` looks for."""


class ValuePattern(Pattern, word="value"):
    """``1``, ``None`` or ``a.b``"""

    value: Expr


class SequencePattern(Pattern, word="sequence"):
    """``[item, *rest]``"""

    items: list[Pattern]


class StarPattern(Pattern, word="star"):
    """``*name`` in a sequence; without a name ``*_``."""

    name: str | None


class MappingPattern(Pattern, word="mapping"):
    """``{key: value, **rest}``"""

    keys: list[Expr]
    values: list[Pattern]
    rest: str | None


class ClassPattern(Pattern, word="class"):
    """``type(item, name=value)``"""

    type: Expr
    items: list[Pattern]
    names: list[str]
    values: list[Pattern]


class OrPattern(Pattern, word="or"):
    """``item | item``"""

    items: list[Pattern]


class AsPattern(Pattern, word="as"):
    """``pattern as name``; without a pattern ``name`` itself, without a name ``_``."""

    pattern: Pattern | None
    name: str | None
