"""The names of a module whose values hang on the order of its statements, by its text alone.

A module-level name is looked up by itself: it means its last binding and the statements that change it. That
is not what Python makes of it where another statement looked at it in between (``b = a; a = 6``), where two
names are one object and one of them is changed, or where an expression changes what it reads.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from tie_lint.python.effects import CHANGING
from tie_lint.python.top_level import (
    ASSIGNS,
    DEFINES,
    Standing,
    changed_places,
    exclude,
    name_below,
    names_in,
    standing,
)
from tie_lint.record import NamedTuple

_NAMED = (*DEFINES, ast.Import, ast.ImportFrom)
_ONCE = frozenset({"enumerate", "filter", "iter", "map", "reversed", "zip"})
"""Functions whose results can be gone through once."""
_NAMESPACES = frozenset({"globals", "locals", "vars"})


def order_sensitive(tree: ast.Module) -> frozenset[str]:
    """Return the names that mean something else than their last binding and the changes of that say, or may.

    What is imported, and functions and classes, is not among them.
    """
    return _Module(tree).found


class _Module:
    """The statements of a module's top level, and what they do to its names."""

    def __init__(self, tree: ast.Module) -> None:
        self._functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        self._done: dict[str, _Does] = {}
        """What functions do that are called, once found out."""
        self._statements = [*standing(tree.body)]
        defined = {name for one in self._statements if isinstance(one.node, _NAMED) for name in one.binds}
        self._values = {name for one in self._statements for name in one.binds} - defined
        self._events: dict[str, list[Standing]] = {}
        for one in self._statements:
            for name in {*one.binds, *one.changes}:
                self._events.setdefault(name, []).append(one)

    @cached_property
    def found(self) -> frozenset[str]:
        names = {name for one in self._statements for name in self._of(one)}
        return frozenset({*names, *self._of_iterators()} & self._values)

    def _of(self, one: Standing) -> Iterator[str]:
        yield from self._read_too_early(one)
        yield from self._changed_by_another_name(one)
        for call in one.evaluates.calls:
            yield from self._called(one, call)
        changed = one.evaluates.changes & self._values
        yield from (*changed, *one.binds) if changed else ()
        yield from _set_by_name(one)

    def _read_too_early(self, one: Standing) -> Iterator[str]:
        """What is read before it is given another value, or changed: all that is made of it.

        A loop is run as a whole, and what a statement only does, it does in its turn.
        """
        if isinstance(one.node, (ast.Expr, ast.For, ast.While)):
            return
        for name, (is_put, _) in one.evaluates.reads.items():
            swapped = name in one.binds and len(one.binds) > 1
            if name in self._values and (swapped or self._is_changed_after(one, name, rebound=is_put)):
                yield from one.binds - {name} if isinstance(one.node, ASSIGNS) else (name,)
                yield from one.binds if swapped else ()

    def _is_changed_after(self, one: Standing, name: str, rebound: bool) -> bool:
        """Whether a later statement binds a name anew, or (unless only that is asked) changes its value."""
        for other in self._events.get(name, ()):
            changed = name in other.binds or (not rebound and name in other.changes)
            if changed and other.place > one.place and not exclude(one.arms, other.arms):
                return True
        return False

    def _changed_by_another_name(self, one: Standing) -> Iterator[str]:
        """What is reached through a name that it was put in, or copied to, and is changed there."""
        if not isinstance(one.node, (*ASSIGNS, ast.For)):
            return
        if isinstance(one.node, ast.Assign) and len(one.node.targets) > 1:  # `a = b = []`
            is_changed = not isinstance(one.node.value, ast.Constant) and any(
                self._is_only_changed(one, name, 1) for name in one.binds
            )
            yield from one.binds if is_changed else ()
        for name, (_, reach) in one.evaluates.reads.items():
            reach = 1 if isinstance(one.node, ast.For) else reach
            if name in self._values and any(self._is_only_changed(one, bound, reach) for bound in one.binds):
                yield name

    def _is_only_changed(self, one: Standing, name: str, depth: int) -> bool:
        return any(
            other.place > one.place and other.changes.get(name, 0) >= depth
            for other in self._events.get(name, ())
        )

    def _called(self, one: Standing, call: ast.Call) -> Iterator[str]:
        """What a call of a function of the module changes, and what hangs on when it is called."""
        function = self._functions.get(call.func.id) if isinstance(call.func, ast.Name) else None
        if function is None:
            return
        does = self._done.get(function.name)
        if does is None:
            does = self._done[function.name] = _does(function)
        yield from does.rebinds
        if isinstance(one.node, DEFINES) or (isinstance(one.node, ast.Expr) and one.node.value is call):
            return  # decorators, and calls for what they do, are called in their turn
        arguments = {node.id for arg in (*call.args, *call.keywords) for node in names_in(arg)}
        changed = {*does.rebinds, *(arguments if does.changes_arguments else ()), *does.changes}
        if changed & self._values or does.changes_arguments:
            yield from (*changed, *one.binds)
        elif any(self._is_changed_after(one, name, rebound=False) for name in does.reads & self._values):
            yield from one.binds

    def _of_iterators(self) -> Iterator[str]:
        """What is gone through by more than one statement though there is but one way through it."""
        for one in self._statements:
            if isinstance(one.node, ASSIGNS) and _is_iterator(one.node.value):
                readers = [other for other in self._statements if one.binds & other.evaluates.reads.keys()]
                if len(readers) > 1:
                    yield from one.binds
                    yield from (name for other in readers for name in other.binds)


def _set_by_name(one: Standing) -> Iterator[str]:
    """The names that are set as items of ``globals()``."""
    for place in changed_places(one.node):
        match place:
            case ast.Subscript(ast.Call(ast.Name(function)), ast.Constant(str() as name)):
                yield from [name] if function in _NAMESPACES else []
    match one.node:
        case ast.Expr(ast.Call(ast.Attribute(ast.Call(ast.Name(function)), "update"), keywords=words)):
            yield from (word.arg for word in words if word.arg) if function in _NAMESPACES else ()


def _is_iterator(value: ast.expr | None) -> bool:
    match value:
        case ast.GeneratorExp():
            return True
        case ast.Call(func=ast.Name(id=function)):
            return function in _ONCE
    return False


# -- what functions do --------------------------------------------------------------------------------------


class _Does(NamedTuple):
    """What a call of a function does beside giving a value."""

    rebinds: frozenset[str]
    """The names of the module that it binds anew."""
    changes: frozenset[str]
    """The names of other functions or the module whose values it changes."""
    changes_arguments: bool
    reads: frozenset[str]


def _does(function: ast.FunctionDef) -> _Does:
    args = function.args
    params = {one.arg for one in (*args.posonlyargs, *args.args, *args.kwonlyargs)}
    nodes = [node for stmt in function.body for node in ast.walk(stmt)]
    declared = {name for node in nodes if isinstance(node, ast.Global) for name in node.names}
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    changed = set[str]()
    for node in nodes:
        places = changed_places(node) if isinstance(node, ast.stmt) else []
        if isinstance(node, ast.Attribute) and node.attr in CHANGING:
            places = [node]
        roots = (name_below(place)[0] for place in places if not isinstance(place, ast.Name))
        changed |= {root.id for root in roots if root is not None}
    read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return _Does(
        frozenset(declared & stored),
        frozenset(changed - stored - params),
        not params.isdisjoint(changed - stored),
        frozenset(read - stored - params),
    )
