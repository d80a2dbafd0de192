"""Which names of a file rest on others, by what the text of their definitions mentions."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import accumulate

from tie_lint.python.outline import parse, split_lines
from tie_lint.record import NamedTuple

_DEFINES = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_BINDS = (*_DEFINES, ast.Assign, ast.AnnAssign)
_IMPORTS = (ast.Import, ast.ImportFrom)


class ImportedName(NamedTuple):
    """A name that an import statement binds, also one inside a function."""

    bound: str
    module: str
    """The module's dotted name, without the dots of a relative import."""
    level: int
    """How many these are."""
    name: str
    """The name in the module; "" where the module itself is bound."""


class Mentions:
    """The imports of a file, and the names that it defines at its top level with those that each mentions."""

    def __init__(self, text: str) -> None:
        """Raises ``UnreadableSourceError`` where the text is no Python."""
        self._text, self._tree = text, parse(text)
        self._statements = [(stmt, frozenset(_bound(stmt))) for stmt in _statements(self._tree)]
        self.classes = frozenset(stmt.name for stmt, _ in self._statements if isinstance(stmt, ast.ClassDef))
        self.defined = frozenset[str]().union(*(names for _, names in self._statements))
        self.imports = [one for node in _with_all_blocks(self._tree) for one in _imported(node)]

    @cached_property
    def _mentioned(self) -> list[tuple[frozenset[str], frozenset[str]]]:
        return [(names, frozenset(_mentioned(stmt))) for stmt, names in self._statements]

    def dependents(self, names: Collection[str]) -> frozenset[str]:
        """Return which of some names the file defines, and those that mention one of them or a dependent."""
        found = {*self.defined.intersection(names)}
        todo = {*names}
        while todo:
            near = [names for names, mentioned in self._mentioned if not mentioned.isdisjoint(todo)]
            nearer = frozenset[str]().union(*near)
            todo = {*nearer - found}
            found |= nearer
        return frozenset(found)

    def changed(self, after: Mentions) -> frozenset[str]:
        """Return the names whose definitions this text of a file and a later one do not share; all that this
        one defines where they differ in other statements, but for imports that are new."""
        (old, rest, _), (new, new_rest, imports) = self._definitions, after._definitions
        if rest - new_rest or new_rest - rest - imports:
            return self.defined
        return frozenset[str]().union(*(names for names, _ in (old - new) + (new - old)))

    @cached_property
    def _definitions(self) -> tuple[Counter[tuple[frozenset[str], str]], Counter[str], Counter[str]]:
        """The text of each definition with its names, the lines between them, and the lines of imports."""
        lines, taken = split_lines(self._text), set[int]()
        found: Counter[tuple[frozenset[str], str]] = Counter()
        for stmt, names in self._statements:
            if names:
                taken.update(_lines(stmt))
                found[names, "\n".join(lines[number] for number in _lines(stmt))] += 1
        between = (line for number, line in enumerate(lines) if number not in taken)
        imports = (node for node in _with_all_blocks(self._tree) if isinstance(node, _IMPORTS))
        imported = Counter(lines[number] for node in imports for number in _lines(node))
        return found, Counter(line for line in between if not _SAYS_NOTHING(line)), imported


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements that bind names, also those behind conditions."""
    todo: list[ast.AST] = [tree]
    while todo:
        for child in ast.iter_child_nodes(todo.pop()):
            if isinstance(child, _BINDS):
                yield child
            elif isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case)):
                todo.append(child)


def _with_all_blocks(tree: ast.Module) -> Iterator[ast.AST]:
    """Every statement, without the expressions in it: most of a file is these."""
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        yield node
        for block in _BLOCKS:
            todo += getattr(node, block, ())


_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def _bound(stmt: ast.stmt) -> Iterator[str]:
    if isinstance(stmt, _DEFINES):
        yield stmt.name
    elif isinstance(stmt, (ast.Assign, ast.AnnAssign)):
        targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
        for node in (part for target in targets for part in ast.walk(target)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def _mentioned(stmt: ast.stmt) -> Iterator[str]:
    """Annotations do not count: nothing that runs depends on them."""
    todo: list[ast.AST] = [stmt]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        for name, value in ast.iter_fields(node):
            if name not in _ANNOTATIONS:
                parts = value if isinstance(value, list) else [value]
                todo += (part for part in parts if isinstance(part, ast.AST))


_ANNOTATIONS = frozenset({"annotation", "returns", "type_params"})


def _imported(node: ast.AST) -> Iterator[ImportedName]:
    if isinstance(node, ast.Import):
        for one in node.names:
            yield ImportedName(one.asname or one.name, one.name, 0, "")
            if one.asname is None:  # `import a.b` binds `a`, and with it what that has
                packages = list(accumulate(one.name.split(".")[:-1], "{}.{}".format))
                yield from (ImportedName(package, package, 0, "") for package in packages)
    elif isinstance(node, ast.ImportFrom):
        for one in node.names:
            yield ImportedName(one.asname or one.name, node.module or "", node.level, one.name)


def _lines(stmt: ast.stmt) -> range:
    """The numbers of the lines that a statement stands in, decorators and all, from 0."""
    decorators = getattr(stmt, "decorator_list", [])
    first = min([stmt.lineno, *(one.lineno for one in decorators)])
    return range(first - 1, stmt.end_lineno or stmt.lineno)


_SAYS_NOTHING = re.compile(r"\s*(#|$)").match
