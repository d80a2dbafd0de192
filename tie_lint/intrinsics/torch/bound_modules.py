"""Which names of a body may hold modules that it makes or is handed, by its text alone.

Errs on the side of saying that they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tie_lint.interpreter.namespace import Namespace
from tie_lint.intrinsics.torch.construction_bodies import Body
from tie_lint.intrinsics.torch.numbers import PACKAGES, is_number
from tie_lint.python.node import Node
from tie_lint.python.nodes import Attr, Call, Clause, Expr, Index, LambdaExpr, Name, Walrus
from tie_lint.python.statements import AnnAssign, Assign, AugAssign, Def, ExprStmt, For, Stmt, With
from tie_lint.python.walk import children, names, statements, targets

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


def root(node: Expr) -> str | None:
    """Return the name that a chain of attributes and items starts from."""
    while isinstance(node, (Attr, Index)):
        node = node.base
    return node.name if isinstance(node, Name) else None


class BoundModules:
    """The names of a body that may hold modules, or lists and the like that do."""

    def __init__(self, one: Body, handed: Iterable[str] = ()) -> None:
        """``handed`` are the parameters that may be modules."""
        self._scope = one.scope
        self._given = [*_given(one)]
        self._handed = {*handed, *_inner_parameters(one)}

    def likely(self) -> set[str]:
        """Return the names that are given anything, which takes far less time to find out."""
        return {*self._handed, *(name for name, _ in self._given)}

    def among(self, numbers: set[str]) -> set[str]:
        """Return the names; ``numbers`` are those that hold numbers."""
        return self._closed(lambda value: makes_module(value, numbers, self._scope)) - numbers

    def _closed(self, makes: Callable[[Expr], bool]) -> set[str]:
        found = {*self._handed, *(name for name, value in self._given if makes(value))}
        while new := {
            name for name, value in self._given if name not in found and not found.isdisjoint(names(value))
        }:
            found |= new
        return found


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


_PURE = frozenset(
    {"int", "float", "len", "max", "min", "str", "bool", "range", "getattr", "hasattr", "isinstance", "round"}
    | {"abs", "sum", "tuple", "dict", "set", "sorted", "list", "zip", "enumerate", "reversed", "any", "all"}
)


def makes_module(value: Expr, numbers: set[str], scope: Namespace) -> bool:
    """Return whether an expression calls something that may give a module; ``numbers`` are names that hold
    numbers."""
    return has_call(value) and not is_number(value, numbers, scope)


def has_call(node: Node) -> bool:
    """Return whether an expression calls something that may give a module."""
    match node:
        case Call(Name("partial") | Attr(_, "partial"), args, keywords):  # which is for making several
            return any(map(has_call, args)) or any(has_call(keyword.value) for keyword in keywords)
        case Call(Name(name), args, keywords) if name in _PURE:
            return any(map(has_call, args)) or any(has_call(keyword.value) for keyword in keywords)
        case Call(Attr(Name(name)), args) if name in PACKAGES:
            return any(map(has_call, args))
        case Call(Attr(tensor), args) if _is_tensor(tensor):
            return has_call(tensor) or any(map(has_call, args))
        case Call():
            return True
    return any(map(has_call, children(node)))


def _is_tensor(node: Expr) -> bool:
    """Return whether an expression calls what hands out numbers, or goes on from there."""
    match node:
        case Call(Attr(Name(name))) if name in PACKAGES:
            return True
        case Call(Attr(inner)):
            return _is_tensor(inner)
    return False
