"""The names of a module whose values hang on the order of its statements, by its text alone.

A module-level name is looked up by itself: it means its last binding and the statements that change it. That
is not what Python makes of it where another statement looked at it in between (``b = a; a = 6``), where two
names are one object and one of them is changed, or where an expression changes what it reads.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property

from tie_lint.python.effects import CHANGING
from tie_lint.record import NamedTuple

_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_ONCE = frozenset({"enumerate", "filter", "iter", "map", "reversed", "zip"})
"""Functions whose results can be gone through once."""
_STEPS = frozenset({"next", "setattr", "delattr"})
"""Functions that change their first argument."""
_NAMESPACES = frozenset({"globals", "locals", "vars"})

Arms = tuple[tuple[int, int], ...]
"""The branches that a statement stands in: each by the place of its statement and by its number there."""


class _Standing(NamedTuple):
    """A statement of the top level, or the head of one that has a body."""

    place: int
    """How many stand before it."""
    node: ast.stmt
    arms: Arms
    binds: frozenset[str]
    changes: dict[str, int]
    """The names whose values it changes as a statement, with how deep in them."""
    evaluates: _Evaluated


class _Read(NamedTuple):
    """What is done with a name that is read."""

    is_put: bool
    """Whether the object itself is put somewhere, and nothing else is made of it."""
    reach: int
    """How deep a change of what is made of it has to go so that it changes the object."""


class _Evaluated(NamedTuple):
    """What the expressions of a statement do."""

    reads: dict[str, _Read]
    """The names that they read."""
    calls: list[ast.Call]
    """Calls of what a name stands for."""
    changes: set[str]
    """The names whose values they change, beside what the statement is there for."""


def order_sensitive(tree: ast.Module) -> frozenset[str]:
    """Return the names that mean something else than their last binding and the changes of that say, or may.

    What is imported, and functions and classes, is not among them.
    """
    return _Module(tree).found


class _Module:
    """The statements of a module's top level, and what they do to its names."""

    def __init__(self, tree: ast.Module) -> None:
        self._functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        self._statements = [*_standing(tree.body)]
        defined = {name for one in self._statements if isinstance(one.node, _NAMED) for name in one.binds}
        self._values = {name for one in self._statements for name in one.binds} - defined
        self._events: dict[str, list[_Standing]] = {}
        for one in self._statements:
            for name in {*one.binds, *one.changes}:
                self._events.setdefault(name, []).append(one)

    @cached_property
    def found(self) -> frozenset[str]:
        names = {name for one in self._statements for name in self._of(one)}
        return frozenset({*names, *self._of_iterators()} & self._values)

    def _of(self, one: _Standing) -> Iterator[str]:
        yield from self._read_too_early(one)
        yield from self._changed_by_another_name(one)
        for call in one.evaluates.calls:
            yield from self._called(one, call)
        changed = one.evaluates.changes & self._values
        yield from (*changed, *one.binds) if changed else ()
        yield from _set_by_name(one)

    def _read_too_early(self, one: _Standing) -> Iterator[str]:
        """What is read before it is given another value, or changed: all that is made of it.

        A loop is run as a whole, and what a statement only does, it does in its turn.
        """
        if isinstance(one.node, (ast.Expr, ast.For, ast.While)):
            return
        for name, (is_put, _) in one.evaluates.reads.items():
            swapped = name in one.binds and len(one.binds) > 1
            if name in self._values and (swapped or self._is_changed_after(one, name, rebound=is_put)):
                yield from one.binds - {name} if isinstance(one.node, _ASSIGNS) else (name,)
                yield from one.binds if swapped else ()

    def _is_changed_after(self, one: _Standing, name: str, rebound: bool) -> bool:
        """Whether a later statement binds a name anew, or (unless only that is asked) changes its value."""
        for other in self._events.get(name, ()):
            changed = name in other.binds or (not rebound and name in other.changes)
            if changed and other.place > one.place and not _exclude(one.arms, other.arms):
                return True
        return False

    def _changed_by_another_name(self, one: _Standing) -> Iterator[str]:
        """What is reached through a name that it was put in, or copied to, and is changed there."""
        if not isinstance(one.node, (*_ASSIGNS, ast.For)):
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

    def _is_only_changed(self, one: _Standing, name: str, depth: int) -> bool:
        return any(
            other.place > one.place and other.changes.get(name, 0) >= depth
            for other in self._events.get(name, ())
        )

    def _called(self, one: _Standing, call: ast.Call) -> Iterator[str]:
        """What a call of a function of the module changes, and what hangs on when it is called."""
        function = self._functions.get(call.func.id) if isinstance(call.func, ast.Name) else None
        if function is None:
            return
        does = _does(function)
        yield from does.rebinds
        if isinstance(one.node, _DEFINES) or (isinstance(one.node, ast.Expr) and one.node.value is call):
            return  # decorators, and calls for what they do, are called in their turn
        arguments = {node.id for arg in (*call.args, *call.keywords) for node in _names(arg)}
        changed = {*does.rebinds, *(arguments if does.changes_arguments else ()), *does.changes}
        if changed & self._values or does.changes_arguments:
            yield from (*changed, *one.binds)
        elif any(self._is_changed_after(one, name, rebound=False) for name in does.reads & self._values):
            yield from one.binds

    def _of_iterators(self) -> Iterator[str]:
        """What is gone through by more than one statement though there is but one way through it."""
        for one in self._statements:
            if isinstance(one.node, _ASSIGNS) and _is_iterator(one.node.value):
                readers = [other for other in self._statements if one.binds & other.evaluates.reads.keys()]
                if len(readers) > 1:
                    yield from one.binds
                    yield from (name for other in readers for name in other.binds)


_ASSIGNS = (ast.Assign, ast.AnnAssign, ast.AugAssign)
_NAMED = (*_DEFINES, ast.Import, ast.ImportFrom)


# -- what stands where --------------------------------------------------------------------------------------


def _standing(body: Sequence[ast.stmt]) -> Iterator[_Standing]:
    """The statements of a body and of those that are branches of it, in the order of the source."""
    todo = [(stmt, Arms()) for stmt in reversed(body)]
    place = 0
    while todo:
        stmt, arms = todo.pop()
        yield _Standing(place, stmt, arms, frozenset(_bound_by(stmt)), _changed_by(stmt), _evaluated(stmt))
        for number, block in enumerate(_blocks(stmt)):
            inside = arms if isinstance(stmt, (ast.With, ast.For, ast.While)) else (*arms, (place, number))
            todo[len(todo) :] = [(inner, inside) for inner in reversed(block)]
        place += 1


def _blocks(stmt: ast.stmt) -> list[list[ast.stmt]]:
    """The bodies of a statement of which, but for loops, one runs; the last first."""
    if isinstance(stmt, _DEFINES):
        return []
    if isinstance(stmt, ast.Match):
        return [case.body for case in stmt.cases]
    handlers = [handler.body for handler in getattr(stmt, "handlers", ())]
    return [
        *[getattr(stmt, "finalbody", [])],
        *[getattr(stmt, "orelse", [])],
        *handlers[::-1],
        getattr(stmt, "body", []),
    ]


def _exclude(one: Arms, other: Arms) -> bool:
    """Whether of two statements only one can run: they are in different branches of a third."""
    mine = dict(one)
    return any(place in mine and mine[place] != number for place, number in other)


def _parts(stmt: ast.stmt) -> list[ast.AST]:
    """What of a statement is evaluated where it stands, its targets and bodies left out."""
    match stmt:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return [*stmt.decorator_list, *_defaults(stmt.args)]
        case ast.ClassDef():
            inside = [part for inner in stmt.body for part in _parts(inner)]
            return [*stmt.decorator_list, *stmt.bases, *stmt.keywords, *inside]
        case ast.Assign() | ast.AugAssign() | ast.Expr():
            return [stmt.value]
        case ast.AnnAssign(value=value):
            return [] if value is None else [value]
        case ast.If(test=head) | ast.While(test=head) | ast.For(iter=head) | ast.Match(subject=head):
            return [head]
        case ast.With():
            return [item.context_expr for item in stmt.items]
        case ast.Assert():
            return [stmt.test]
    return []


def _defaults(args: ast.arguments) -> list[ast.expr]:
    return [*args.defaults, *(default for default in args.kw_defaults if default is not None)]


def _changed_by(stmt: ast.stmt) -> dict[str, int]:
    """The names whose values a statement changes, with how deep in them."""
    found = dict[str, int]()
    if isinstance(stmt, ast.AugAssign) and isinstance(stmt.target, ast.Name):
        found[stmt.target.id] = 1
    for place in _changed_places(stmt):
        name, depth = _below(place)
        if name is not None and depth:
            found[name.id] = max(depth, found.get(name.id, 0))
    return found


def _bound_by(stmt: ast.stmt) -> Iterator[str]:
    match stmt:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import() | ast.ImportFrom():
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in stmt.names)
        case ast.Assign(targets=targets):
            yield from (node.id for target in targets for node in _names(target, ast.Store))
        case ast.AnnAssign(target=target, value=ast.expr()) | ast.For(target=target):
            yield from (node.id for node in _names(target, ast.Store))
        case ast.Delete(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def _changed_places(stmt: ast.stmt) -> list[ast.expr]:
    match stmt:
        case ast.Assign(targets=targets) | ast.Delete(targets=targets):
            return [inner for target in targets for inner in getattr(target, "elts", [target])]
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            return [target]
        case ast.Expr(value=ast.Call(func=ast.Attribute() as place)):
            return [place]
    return []


def _below(place: ast.expr) -> tuple[ast.Name | None, int]:
    """The name that a place is reached through, and how many steps that takes."""
    depth = 0
    while isinstance(place, (ast.Attribute, ast.Subscript, ast.Call)):
        depth += not isinstance(place, ast.Call)
        place = place.func if isinstance(place, ast.Call) else place.value
    return (place if isinstance(place, ast.Name) else None), depth


# -- what is in expressions ---------------------------------------------------------------------------------


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """A node and those below it that are evaluated with it: not the bodies of lambdas."""
    todo = [node]
    while todo:
        one = todo.pop()
        yield one
        todo += _defaults(one.args) if isinstance(one, ast.Lambda) else ast.iter_child_nodes(one)


def _names(node: ast.AST, context: type[ast.expr_context] = ast.Load) -> Iterator[ast.Name]:
    return (one for one in _walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, context))


_DEEP = 100
"""The reach of a change of what is copied whole: deeper than any."""


def _evaluated(stmt: ast.stmt) -> _Evaluated:
    """What the expressions of a statement do, but for the bodies of lambdas."""
    found = _Evaluated({}, [], set())
    stated = _chain(stmt.value) if isinstance(stmt, ast.Expr) else set()
    todo = [(part, _Read(True, 1)) for part in _parts(stmt)]
    while todo:
        node, how = todo.pop()
        if isinstance(node, ast.Constant):
            continue
        if isinstance(node, ast.Name):
            before = found.reads.get(node.id, how)
            found.reads[node.id] = _Read(how.is_put and before.is_put, min(how.reach, before.reach))
            continue
        changed = None if id(node) in stated else _changed_in(node)
        if changed is not None:
            found.changes.add(changed.id)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.calls.append(node)
        todo += _below_in(node, how)
    return found


def _below_in(node: ast.AST, how: _Read) -> Iterator[tuple[ast.AST, _Read]]:
    """The expressions in another one, each with what becomes of what they give; without the bodies of
    lambdas."""
    copied = _Read(False, max(how.reach, 2))
    match node:
        case ast.Lambda(args=args):
            yield from ((default, copied) for default in _defaults(args))
        case ast.Dict(keys=keys, values=values):
            yield from ((key, how) for key in keys if key is not None)
            yield from ((value, how if key else copied) for key, value in zip(keys, values, strict=True))
        case ast.List() | ast.Tuple() | ast.Set() | ast.IfExp() | ast.BoolOp():
            yield from ((inner, how) for inner in ast.iter_child_nodes(node))
        case ast.Attribute() | ast.Subscript():
            yield from ((inner, _Read(False, how.reach)) for inner in ast.iter_child_nodes(node))
        case ast.Call(func=ast.Name(id="deepcopy") | ast.Attribute(attr="deepcopy")):
            yield from ((inner, _Read(False, _DEEP)) for inner in ast.iter_child_nodes(node))
        case _:
            yield from ((inner, copied) for inner in ast.iter_child_nodes(node))


def _changed_in(node: ast.AST) -> ast.Name | None:
    """The name whose value an expression itself changes, or hands out a way to change."""
    match node:
        case ast.Attribute(attr=attr) if attr in CHANGING:
            return _below(node)[0]
        case ast.Call(func=ast.Name(id=function), args=[first, *_]) if function in _STEPS:
            return _below(first)[0]
    return None


def _chain(value: ast.expr) -> set[int]:
    """The identities of the calls and attributes that a statement ``a.b(…).c(…)`` goes through."""
    found = set[int]()
    while isinstance(value, (ast.Attribute, ast.Subscript, ast.Call)):
        found.add(id(value))
        value = value.func if isinstance(value, ast.Call) else value.value
    return found


def _set_by_name(one: _Standing) -> Iterator[str]:
    """The names that are set as items of ``globals()``."""
    for place in _changed_places(one.node):
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
        places = _changed_places(node) if isinstance(node, ast.stmt) else []
        if isinstance(node, ast.Attribute) and node.attr in CHANGING:
            places = [node]
        below = (found for place in places if (found := _below(place)[0]) is not None and found is not place)
        changed |= {name.id for name in below}
    read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return _Does(
        frozenset(declared & stored),
        frozenset(changed - stored - params),
        not params.isdisjoint(changed - stored),
        frozenset(read - stored - params),
    )
