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

    def __init__(self, tree: ast.Module) -> None:
        self._statements = [(stmt, frozenset(_bound(stmt))) for stmt in _statements(tree)]
        self.classes = frozenset(stmt.name for stmt, _ in self._statements if isinstance(stmt, ast.ClassDef))
        self.defined = frozenset[str]().union(*(names for _, names in self._statements))
        self.imports = [one for node in _with_all_blocks(tree) for one in _imported(node)]

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


def changed_names(before: str, after: str) -> frozenset[str]:
    """Return the names whose definitions two texts of a file do not share; all that the first one defines
    where they differ in other statements, but for imports that are new.

    Raises ``UnreadableSourceError`` where one is no Python.
    """
    old, new = _Definitions(before), _Definitions(after)
    if old.rest - new.rest or new.rest - old.rest - new.imports:
        return frozenset().union(*(names for names, _ in old.found))
    return frozenset().union(*(names for names, _ in (old.found - new.found) + (new.found - old.found)))


class _Definitions:
    """The text of a file, taken apart into that of each definition and the lines between them."""

    def __init__(self, text: str) -> None:
        tree, lines = parse(text), split_lines(text)
        self.found: Counter[tuple[frozenset[str], str]] = Counter()
        taken = set[int]()
        for stmt in _statements(tree):
            names, where = frozenset(_bound(stmt)), _lines(stmt)
            if names:
                taken.update(where)
                self.found[names, "\n".join(lines[number] for number in where)] += 1
        self.rest = Counter(
            line for number, line in enumerate(lines) if number not in taken and not _SAYS_NOTHING(line)
        )
        imports = (node for node in _with_all_blocks(tree) if isinstance(node, (ast.Import, ast.ImportFrom)))
        self.imports = Counter(lines[number] for node in imports for number in _lines(node))


def _lines(stmt: ast.stmt) -> range:
    """The numbers of the lines that a statement stands in, decorators and all, from 0."""
    decorators = getattr(stmt, "decorator_list", [])
    first = min([stmt.lineno, *(one.lineno for one in decorators)])
    return range(first - 1, stmt.end_lineno or stmt.lineno)


_SAYS_NOTHING = re.compile(r"\s*(#|$)").match
