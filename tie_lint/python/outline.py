"""What is in a file, cheaply: its names, its classes and where everything stands.

The standard library's parser says whether the file is Python at all. The outline keeps spans, no tree: that
would take more memory than all else that is known of a file.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from tie_lint.python.nodes import Attr, Expr, Name
from tie_lint.python.statement_order import order_sensitive
from tie_lint.python.statements import Alias, ImportFacts, Span
from tie_lint.python.text import UnreadableSourceError as UnreadableSourceError
from tie_lint.python.text import decode as decode
from tie_lint.python.text import split_lines as split_lines
from tie_lint.python.top_level import name_below
from tie_lint.record import Data, field

_WORD = re.compile(r"\w+")
MOST_DOTS = 80
"""The dots of a dotted name that is read as one."""


class OutlineMethod(Data):
    """A method or function: its key, the span of its name and of its text."""

    key: str
    at: Span
    extent: Span


class OutlineClass(Data):
    """A module-level class: the span of its name and text, and its methods."""

    name: str
    at: Span
    extent: Span
    methods: list[OutlineMethod]
    statements: int
    """How many statements its body holds besides the methods."""
    bases: list[Expr] | None
    """The bases where that, and the methods, is all there is: dotted names, no keyword, no decorator, no
    statement but a docstring."""


class OutlineGuard(Data):
    """A condition around a module-level statement: an "if", whose test is None where it is the pattern of a
    ``match``, the body of a "try", or its handlers ("except")."""

    kind: str
    test: Span | None = None
    wanted: bool = True
    imports: list[ImportFacts] = field(default_factory=list)
    """What the body of the ``try`` imports."""


class OutlineBinding(Data):
    """A module-level name; ``detail`` is an import, a key, or the extent of an assignment."""

    name: str
    kind: str
    detail: Any
    guards: list[OutlineGuard]


class Outline(Data):
    """A file's lines and what stands at its top level."""

    lines: list[str]
    bindings: dict[str, list[OutlineBinding]] = field(default_factory=dict)
    stars: list[list[Any]] = field(default_factory=list)
    classes: dict[str, OutlineClass] = field(default_factory=dict)
    functions: dict[str, OutlineMethod] = field(default_factory=dict)
    calls: list[OutlineBinding] = field(default_factory=list)
    """Calls of functions for what they do: ``register(…)``."""
    order_sensitive: frozenset[str] = frozenset()
    """The names whose values hang on the order of the statements (:mod:`tie_lint.python.statement_order`)."""


def parse(text: str) -> ast.Module:
    """``ast.parse`` with every way it can fail turned into :class:`UnreadableSourceError`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise UnreadableSourceError(
            error.msg or "not Python", error.lineno or 1, error.offset or 1
        ) from error
    except ValueError as error:
        raise UnreadableSourceError(str(error)) from error
    except (RecursionError, MemoryError) as error:
        raise UnreadableSourceError("nested too deeply to be read") from error


def outline(text: str) -> Outline:
    """Return the outline of a file's text. Raises :class:`UnreadableSourceError`."""
    tree = parse(text)
    found = Outline(split_lines(text), order_sensitive=order_sensitive(tree))
    _Outliner(found).statements(tree.body, [])
    return found


def span_of(node: ast.AST, lines: Sequence[str]) -> Span:
    """Return the span of an ``ast`` node, in characters, counted from 1, the end exclusive."""
    place: Any = node
    end_line, end_offset = place.end_lineno, place.end_col_offset
    return [
        place.lineno,
        _column(lines[place.lineno - 1], place.col_offset),
        end_line,
        _column(lines[end_line - 1], end_offset),
    ]


def text_at(span: Span, lines: Sequence[str]) -> str:
    """Return the text that a span encloses, its lines joined by newlines."""
    line, column, end_line, end_column = span
    found = list(lines[line - 1 : end_line])
    found[-1] = found[-1][: end_column - 1]
    found[0] = found[0][column - 1 :]
    return "\n".join(found)


def _column(line: str, offset: int) -> int:
    if line.isascii():
        return offset + 1
    return len(line.encode()[:offset].decode(errors="ignore")) + 1


def extent_of(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, lines: Sequence[str]) -> Span:
    """Return the span of a definition with its decorators (from the ``@``'s line)."""
    span = span_of(node, lines)
    if node.decorator_list:
        span[0] = min(decorator.lineno for decorator in node.decorator_list)
    return span


def name_span(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, lines: Sequence[str]) -> Span:
    """Return the span of the defined name in a definition's header."""
    line = node.lineno
    start = _column(lines[line - 1], node.col_offset) - 1
    words = _WORD.finditer(lines[line - 1], start)
    place = next((word for word in words if word.group() == node.name), None)
    if place is None:  # a header broken by a backslash, or a name spelt in another Unicode form
        return [line, start + 1, line, len(lines[line - 1]) + 1]
    return [line, place.start() + 1, line, place.end() + 1]


def method_key(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return the key of a function: its name, with ``.setter`` or ``.deleter`` for those of a property."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Attribute) and decorator.attr in ("setter", "deleter"):
            return f"{node.name}.{decorator.attr}"
    return node.name


class _Outliner:
    def __init__(self, found: Outline) -> None:
        self.found = found
        self.lines = found.lines
        self._classes, self._functions = Counter[str](), Counter[str]()
        """How many classes and functions of each name there were so far."""
        self.loop: tuple[Span, list[OutlineGuard]] | None = None
        """The outermost loop around a statement, and what stands around that: it is run as a whole."""

    def statements(self, body: Sequence[ast.stmt], guards: list[OutlineGuard]) -> None:
        for stmt in body:
            self.statement(stmt, guards)

    def statement(self, stmt: Any, guards: list[OutlineGuard]) -> None:
        match stmt:
            case ast.ClassDef():
                self.bind(stmt.name, "class", self.define_class(stmt), guards)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.bind(stmt.name, "def", self.define_function(stmt), guards)
            case ast.Import() | ast.ImportFrom():
                self.imports(stmt, guards)
            case ast.If():
                self.choose(stmt, guards)
            case ast.Match():
                for case in stmt.cases:
                    self.statements(case.body, [*guards, OutlineGuard("if")])
            case ast.For() | ast.While():
                before, self.loop = self.loop, self.loop or (span_of(stmt, self.lines), guards)
                self.statements(stmt.body, guards)
                self.loop = before
            case ast.With():
                self.statements(stmt.body, guards)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                extent = span_of(stmt, self.lines)
                for name in _bound_names(stmt):
                    self.bind(name, "value", extent, guards)
                self.change(stmt, guards)
            case ast.Delete():
                self.change(stmt, guards)
            case ast.Expr(value=ast.Call() as call):
                if not self.change(stmt, guards) and isinstance(call.func, ast.Name):
                    extent, guards = self.loop or (span_of(stmt, self.lines), guards)
                    self.found.calls.append(OutlineBinding(call.func.id, "update", extent, guards))
            case _ if type(stmt).__name__ in ("Try", "TryStar"):
                self.attempt(stmt, guards)
            case _ if type(stmt).__name__ == "TypeAlias":
                self.bind(stmt.name.id, "value", span_of(stmt, self.lines), guards)

    def choose(self, stmt: ast.If, guards: list[OutlineGuard]) -> None:
        """Note what an ``if`` binds. The arms of an ``elif`` chain nest in the tree, not in the source."""
        while True:
            test = span_of(stmt.test, self.lines)
            self.statements(stmt.body, [*guards, OutlineGuard("if", test, True)])
            guards = [*guards, OutlineGuard("if", test, False)]
            match stmt.orelse:
                case [ast.If() as stmt]:
                    continue
            return self.statements(stmt.orelse, guards)

    def bind(self, name: str, kind: str, detail: Any, guards: list[OutlineGuard]) -> None:
        self.found.bindings.setdefault(name, []).append(OutlineBinding(name, kind, detail, guards))

    def change(self, stmt: ast.stmt, guards: list[OutlineGuard]) -> bool:
        """Note whose values a statement changes, if any."""
        changed = {*_changed_names(stmt)}
        extent, guards = self.loop or (span_of(stmt, self.lines), guards)
        for name in sorted(changed):
            known = self.found.bindings.get(name)
            if not (known and known[-1].kind == "update" and known[-1].detail == extent):  # of one loop
                self.bind(name, "update", extent, guards)
        return bool(changed)

    def imports(self, stmt: ast.Import | ast.ImportFrom, guards: list[OutlineGuard]) -> None:
        for alias in import_bindings(stmt):
            if alias.attribute == "*":
                self.found.stars.append([alias.module, alias.level])
            else:
                self.bind(alias.name, "import", [alias.module, alias.level, alias.attribute], guards)

    def attempt(self, stmt: Any, guards: list[OutlineGuard]) -> None:
        wanted = [
            [alias.module, alias.level, alias.attribute]
            for inner in stmt.body
            if isinstance(inner, ast.Import | ast.ImportFrom)
            for alias in import_bindings(inner)
        ]
        self.statements([*stmt.body, *stmt.orelse], [*guards, OutlineGuard("try", imports=wanted)])
        for handler in stmt.handlers:
            self.statements(handler.body, [*guards, OutlineGuard("except", imports=wanted)])
        self.statements(stmt.finalbody, guards)

    def define_class(self, node: ast.ClassDef) -> str:
        key = _key(node.name, self._classes)
        methods = [
            OutlineMethod(method_key(item), name_span(item, self.lines), extent_of(item, self.lines))
            for item in node.body
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        at, extent = name_span(node, self.lines), extent_of(node, self.lines)
        rest = [item for item in node.body if not isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
        bases = None if node.decorator_list or node.keywords else _bare_bases(node, rest)
        self.found.classes[key] = OutlineClass(node.name, at, extent, methods, len(rest), bases)
        return key

    def define_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        key = _key(node.name, self._functions)
        at, extent = name_span(node, self.lines), extent_of(node, self.lines)
        self.found.functions[key] = OutlineMethod(node.name, at, extent)
        return key


def import_bindings(stmt: ast.Import | ast.ImportFrom) -> Iterator[Alias]:
    """Yield the names that an import binds."""
    for alias in stmt.names:
        if isinstance(stmt, ast.ImportFrom):
            yield Alias(alias.asname or alias.name, stmt.module or "", stmt.level, alias.name)
        elif alias.asname:
            yield Alias(alias.asname, alias.name, 0, None)
        else:
            yield Alias(alias.name.partition(".")[0], alias.name.partition(".")[0], 0, None)


def _bare_bases(node: ast.ClassDef, body: list[ast.stmt]) -> list[Expr] | None:
    """The bases of a class whose body, methods left out, is empty but for a docstring; else None."""
    if not all(isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Constant) for stmt in body):
        return None
    bases = [dotted(base) for base in node.bases]
    return [base for base in bases if base is not None] if None not in bases else None


def dotted(node: ast.expr) -> Expr | None:
    """Return a dotted name as facts have it; None for any other expression."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute) and len(attributes) < MOST_DOTS:
        attributes.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    found: Expr = Name(node.id)
    for attribute in reversed(attributes):
        found = Attr(found, attribute)
    return found


def _bound_names(stmt: ast.Assign | ast.AnnAssign | ast.AugAssign) -> Iterator[str]:
    if isinstance(stmt, ast.AugAssign) or (isinstance(stmt, ast.AnnAssign) and stmt.value is None):
        return
    targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
    for target in targets:
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def _changed_names(stmt: ast.stmt) -> Iterator[str]:
    """The names whose values a statement changes: ``NAMES.update(…)``, ``NAMES[key] = …``, ``del A.b``."""
    match stmt:
        case ast.Expr(value=ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[first, *_])):
            places: list[ast.expr] = [first]
        case ast.Expr(value=ast.Call(func=ast.Attribute() | ast.Call() as place)):
            places = [place]
        case ast.AugAssign(target=ast.Name(id=name)):
            yield name
            return
        case ast.AugAssign(target=place) | ast.AnnAssign(target=place):
            places = [place]
        case ast.Assign(targets=places) | ast.Delete(targets=places):
            pass
        case _:
            return
    for item in places:
        found, _ = name_below(item)
        if found is not None and (found is not item or isinstance(stmt, ast.Expr)):
            yield found.id
        elif isinstance(item, ast.Tuple | ast.List):
            below = [(part, name_below(part)[0]) for part in item.elts]
            yield from (found.id for part, found in below if found is not None and found is not part)


def _key(name: str, defined: Counter[str]) -> str:
    """Return a key for one more definition of a name: the name itself, then ``name@2``, ``name@3`` …"""
    defined[name] += 1
    return name if defined[name] == 1 else f"{name}@{defined[name]}"
