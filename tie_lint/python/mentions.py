"""Which names of a file rest on others, by what the text of their definitions mentions."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

_DEFINES = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_BINDS = (*_DEFINES, ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom)


class Mentions:
    """The names that a file binds at its top level, each with the names that it mentions."""

    def __init__(self, tree: ast.Module) -> None:
        self._of: list[tuple[str, frozenset[str]]] = []
        self.defined: set[str] = set()
        """The names that are not those of what is imported."""
        for stmt in _statements(tree):
            if isinstance(stmt, (ast.Import, ast.ImportFrom)):
                self._of += ((one.asname or one.name, frozenset([one.name])) for one in stmt.names)
            else:
                mentioned = frozenset(_mentioned(stmt))
                self._of += ((name, mentioned) for name in _bound(stmt))
                self.defined.update(_bound(stmt))

    def dependents(self, names: Collection[str]) -> set[str]:
        """Return the names that mention one of some names, or a name that does; and what is among them that
        the file defines.
        """
        found = self.defined.intersection(names)
        todo, left = {*names}, self._of
        while todo:
            nearer = {name for name, mentioned in left if not mentioned.isdisjoint(todo)}
            left = [one for one in left if one[0] not in nearer]
            todo = nearer - found
            found |= nearer
        return found


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements that bind names, also those behind conditions."""
    todo: list[ast.AST] = [tree]
    while todo:
        for child in ast.iter_child_nodes(todo.pop()):
            if isinstance(child, _BINDS):
                yield child
            elif isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case)):
                todo.append(child)


def _bound(stmt: ast.stmt) -> Iterator[str]:
    if isinstance(stmt, _DEFINES):
        yield stmt.name
    elif isinstance(stmt, (ast.Assign, ast.AnnAssign)):
        targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
        for node in (part for target in targets for part in ast.walk(target)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def _mentioned(stmt: ast.stmt) -> Iterator[str]:
    for node in ast.walk(stmt):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name
