"""Which names of a body may hold modules that it makes or is handed, by its text alone.

Errs on the side of saying that they do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tie_lint.intrinsics.torch.bodies import Body
from tie_lint.intrinsics.torch.module_calls import makes_module
from tie_lint.python.nodes import Attr, Call, Clause, Expr, LambdaExpr, Walrus
from tie_lint.python.statements import AnnAssign, Assign, AugAssign, Def, ExprStmt, For, Stmt, With
from tie_lint.python.walk import names, root, statements, targets

PUTTING = frozenset({"add", "append", "extend", "insert", "setdefault", "update"})
"""Methods of lists, sets and dicts that put something into them."""


def bindings(stmt: Stmt) -> Iterator[tuple[Expr, Expr]]:
    """Yield what a statement gives something, each with what that is made of: ``self.a, b = …`` gives two."""
    match stmt:
        case Assign(targets=given, value=value):
            yield from ((one, value) for target in given for one in targets(target))
        case AnnAssign(target=target, value=Expr() as value) | AugAssign(target=target, value=value):
            yield target, value
        case For(target=target, iterable=iterable):
            yield from ((one, iterable) for one in targets(target))
        case With(items=items):
            for item in items:
                if item.target is not None:
                    yield from ((one, item.context) for one in targets(item.target))
        case ExprStmt(value=Call(Attr(base, method), args, keywords)) if method in PUTTING:
            yield from ((base, value) for value in [*args, *(keyword.value for keyword in keywords)])


class BoundModules:
    """The names of a body that may hold modules, or lists and the like that do."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self._given = [*_given(body)]
        self._inner = {*_inner_parameters(body)}

    def likely(self, handed: Iterable[str] = ()) -> set[str]:
        """Return the names that are given anything, which takes far less time to find out.

        ``handed`` are the parameters that may be modules.
        """
        return {*handed, *self._inner, *(name for name, _ in self._given)}

    def names(self, handed: Iterable[str] = ()) -> set[str]:
        """Return the names."""
        found = {*handed, *self._inner, *(name for name, value in self._given if self.makes(value))}
        while new := {
            name for name, value in self._given if name not in found and not found.isdisjoint(names(value))
        }:
            found |= new
        return found - self.body.numbers

    def makes(self, value: Expr) -> bool:
        """Return whether an expression calls something that may give a module."""
        return makes_module(value, self.body.numbers, self.body.scope)


def _given(one: Body) -> Iterator[tuple[str, Expr]]:
    for stmt in statements(one.stmts):
        for target, value in bindings(stmt):
            name = root(target)
            if name is not None and name != "self":
                yield name, value
    yield from ((node.name, node.value) for node in one.nodes.of(Walrus))
    for clause in one.nodes.of(Clause):
        yield from ((name, clause.iterable) for name in names(clause.target))


def _inner_parameters(one: Body) -> Iterator[str]:
    """The parameters of functions inside a body: what these are called with is not looked at."""
    yield from (param.name for node in one.nodes.of(Def) for param in node.function.params)
    yield from (param.name for node in one.nodes.of(LambdaExpr) for param in node.params)
