"""The statements of a module's top level, in order: what each binds, changes and reads, by its text alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tie_lint.python.effects import CHANGING
from tie_lint.record import NamedTuple

DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
ASSIGNS = (ast.Assign, ast.AnnAssign, ast.AugAssign)
_STEPS = frozenset({"next", "setattr", "delattr"})
"""Functions that change their first argument."""

Arms = tuple[tuple[int, int], ...]
"""The branches that a statement stands in: each by the place of its statement and by its number there."""


class Standing(NamedTuple):
    """A statement of the top level, or the head of one that has a body."""

    place: int
    """How many stand before it."""
    node: ast.stmt
    arms: Arms
    binds: frozenset[str]
    changes: dict[str, int]
    """The names whose values it changes as a statement, with how deep in them."""
    evaluates: Evaluated


class Read(NamedTuple):
    """What is done with a name that is read."""

    is_put: bool
    """Whether the object itself is put somewhere, and nothing else is made of it."""
    reach: int
    """How deep a change of what is made of it has to go so that it changes the object."""


class Evaluated(NamedTuple):
    """What the expressions of a statement do."""

    reads: dict[str, Read]
    """The names that they read."""
    calls: list[ast.Call]
    """Calls of what a name stands for."""
    changes: set[str]
    """The names whose values they change, beside what the statement is there for."""


# -- what stands where --------------------------------------------------------------------------------------


def standing(body: Sequence[ast.stmt]) -> Iterator[Standing]:
    """Yield the statements of a body and of those that are branches of it, in the order of the source."""
    todo = [(stmt, Arms()) for stmt in reversed(body)]
    place = 0
    while todo:
        stmt, arms = todo.pop()
        yield Standing(place, stmt, arms, frozenset(_bound_by(stmt)), _changed_by(stmt), _evaluated(stmt))
        for number, block in enumerate(_blocks(stmt)):
            inside = arms if isinstance(stmt, (ast.With, ast.For, ast.While)) else (*arms, (place, number))
            todo[len(todo) :] = [(inner, inside) for inner in reversed(block)]
        place += 1


def _blocks(stmt: ast.stmt) -> list[list[ast.stmt]]:
    """The bodies of a statement of which, but for loops, one runs; the last first."""
    if isinstance(stmt, DEFINES):
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


def exclude(one: Arms, other: Arms) -> bool:
    """Return whether of two statements only one can run: they are in different branches of a third."""
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
    for place in changed_places(stmt):
        name, depth = name_below(place)
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
            yield from (node.id for target in targets for node in names_in(target, ast.Store))
        case ast.AnnAssign(target=target, value=ast.expr()) | ast.For(target=target):
            yield from (node.id for node in names_in(target, ast.Store))
        case ast.Delete(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def changed_places(stmt: ast.stmt) -> list[ast.expr]:
    """Return the places that a statement itself changes."""
    match stmt:
        case ast.Assign(targets=targets) | ast.Delete(targets=targets):
            return [inner for target in targets for inner in getattr(target, "elts", [target])]
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            return [target]
        case ast.Expr(value=ast.Call(func=ast.Attribute() as place)):
            return [place]
    return []


def name_below(place: ast.expr) -> tuple[ast.Name | None, int]:
    """Return the name that a place is reached through, and how many steps that takes."""
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


def names_in(node: ast.AST, context: type[ast.expr_context] = ast.Load) -> Iterator[ast.Name]:
    """Yield the names in an expression, but for the bodies of lambdas."""
    return (one for one in _walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, context))


_DEEP = 100
"""The reach of a change of what is copied whole: deeper than any."""


_NOTHING = Evaluated({}, [], set())


def _evaluated(stmt: ast.stmt) -> Evaluated:
    """What the expressions of a statement do, but for the bodies of lambdas."""
    parts = _parts(stmt)
    if not parts:
        return _NOTHING
    found = Evaluated({}, [], set())
    stated = _chain(stmt.value) if isinstance(stmt, ast.Expr) else set()
    todo = [(part, Read(True, 1)) for part in parts]
    while todo:
        node, how = todo.pop()
        if isinstance(node, ast.List | ast.Tuple | ast.Set):  # tables of thousands of them are common
            todo += [(item, how) for item in node.elts if type(item) is not ast.Constant]
            continue
        if isinstance(node, ast.Constant):
            continue
        if isinstance(node, ast.Name):
            before = found.reads.get(node.id, how)
            found.reads[node.id] = Read(how.is_put and before.is_put, min(how.reach, before.reach))
            continue
        changed = None if id(node) in stated else _changed_in(node)
        if changed is not None:
            found.changes.add(changed.id)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.calls.append(node)
        todo += _below_in(node, how)
    return found


def _below_in(node: ast.AST, how: Read) -> Iterator[tuple[ast.AST, Read]]:
    """The expressions in another one, each with what becomes of what they give; without the bodies of
    lambdas."""
    copied = Read(False, max(how.reach, 2))
    match node:
        case ast.Lambda(args=args):
            yield from ((default, copied) for default in _defaults(args))
        case ast.Dict(keys=keys, values=values):
            yield from ((key, how) for key in keys if key is not None)
            yield from ((value, how if key else copied) for key, value in zip(keys, values, strict=True))
        case ast.IfExp() | ast.BoolOp():
            yield from ((inner, how) for inner in ast.iter_child_nodes(node))
        case ast.Attribute() | ast.Subscript():
            yield from ((inner, Read(False, how.reach)) for inner in ast.iter_child_nodes(node))
        case ast.Call(func=ast.Name(id="deepcopy") | ast.Attribute(attr="deepcopy")):
            yield from ((inner, Read(False, _DEEP)) for inner in ast.iter_child_nodes(node))
        case _:
            yield from ((inner, copied) for inner in ast.iter_child_nodes(node))


def _changed_in(node: ast.AST) -> ast.Name | None:
    """The name whose value an expression itself changes, or hands out a way to change."""
    match node:
        case ast.Attribute(attr=attr) if attr in CHANGING:
            return name_below(node)[0]
        case ast.Call(func=ast.Name(id=function), args=[first, *_]) if function in _STEPS:
            return name_below(first)[0]
    return None


def _chain(value: ast.expr) -> set[int]:
    """The identities of the calls and attributes that a statement ``a.b(…).c(…)`` goes through."""
    found = set[int]()
    while isinstance(value, (ast.Attribute, ast.Subscript, ast.Call)):
        found.add(id(value))
        value = value.func if isinstance(value, ast.Call) else value.value
    return found
