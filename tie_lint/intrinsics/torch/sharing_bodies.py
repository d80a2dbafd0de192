"""Whether statements put one module or parameter under two names, by their text alone.

Errs on the side of saying that they do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from tie_lint.interpreter.namespace import Namespace
from tie_lint.intrinsics.torch.construction_bodies import Body
from tie_lint.intrinsics.torch.numbers import PACKAGES, is_number, numbers
from tie_lint.python.node import Node
from tie_lint.python.nodes import Attr, Call, Comprehension, Expr, List, Name, Tuple, Walrus
from tie_lint.python.statements import Assign, AugAssign, Def, Delete, ExprStmt, For, If, Return, Stmt, While
from tie_lint.python.walk import calls, children, expressions, is_name, names, statements, targets, walk


def shares(one: Body, times: Counter[str], gives: bool, handed: Iterable[str] = ()) -> bool:
    """Return whether statements may put one module or parameter under two names; ``gives`` tells whether what
    they return is used, ``handed`` names the parameters that may be modules.

    ``times`` is how often each name is there. What is there but once is given something, and nobody reads it:
    that spares most bodies a closer look.
    """
    scope, body, nodes = one.scope, one.stmts, one.nodes
    own = Counter([node.name for node in nodes if type(node) is Attr and is_name(node.base, "self")])
    read = {name for name, count in own.items() if count > 1}
    enough = 2 if any(type(node) in _ROUNDS for node in nodes) else 3
    made = {*made_locals(body)}
    often = {name for name in made if times[name] >= enough}
    often.update(name for name in handed if times[name] >= enough - 1)  # no statement gives it to them
    if not read and not often:
        return False
    known = numbers(scope, body, one.plain)
    held = read.intersection(_held_attributes(scope, body, known, made.union(handed) - known))
    if held and any(name in held for name in _read_attributes(body, gives)):
        return True
    often -= known
    return bool(often) and (_read_twice(body, often) or _read_in_loop(body, often))


_ROUNDS = frozenset({For, While, Comprehension})
"""What may read a name again and again that stands there once."""


def _read_twice(body: list[Stmt], made: set[str]) -> bool:
    """Return whether statements read one of some locals more than once, not counting where it is copied, or
    where the local is given what one of its methods makes of it."""
    read = _without_targets(body)
    times = Counter(names(read))
    for call in calls(read):
        match call:
            case Call(Attr(Name(name), "clone")):
                times[name] -= 1
            case Call(Attr(Name("torch"), function), args) if function in _COPYING:
                times.subtract(item.name for item in _items(args) if isinstance(item, Name))
    for stmt in statements(body):
        match stmt:
            case Assign(targets=[Name(name)], value=Call(Attr(Name(same)))) if name == same:
                times[name] -= 1
    return any(times[name] > 1 for name in made)


def _items(args: list[Expr]) -> Iterator[Expr]:
    """Yield arguments; of a list that is written out its items."""
    for arg in args:
        yield from arg.items if isinstance(arg, (List, Tuple)) else [arg]


def _held_attributes(scope: Namespace, body: list[Stmt], known: set[str], modules: set[str]) -> Iterator[str]:
    """Yield the attributes of ``self`` that are given the result of a call, or a local that was, and so may
    hold modules.

    ``known`` are the local names that hold numbers, ``modules`` those that may hold modules.
    """
    for stmt in statements(body):
        if not isinstance(stmt, Assign):
            continue
        makes = has_call(stmt.value) and not is_number(stmt.value, known, scope)
        if makes or not modules.isdisjoint(names(stmt.value)):
            for target in _given(stmt):
                if isinstance(target, Attr) and is_name(target.base, "self"):
                    yield target.name


def _read_attributes(body: list[Stmt], gives: bool) -> Iterator[str]:
    """Yield the attributes of ``self`` that are read, other than to call or to append to them."""
    for stmt in statements(body):
        parts: list[Any] = list(expressions(stmt))
        match stmt:
            case ExprStmt(value=Call(Attr(Attr(Name("nn"), "init") | Name("init")))):
                continue  # which fills it with numbers
            case ExprStmt(value=Call(Attr(Attr(_, "data"), method), args, keywords)) if method.endswith("_"):
                parts = [*args, *keywords]  # as this does
            case Assign(value=value) | AugAssign(value=value):
                parts = [value]
            case Return() if not gives:
                parts = list(calls(parts))
            case If(test=test) | While(test=test):
                if not any(isinstance(node, Walrus) for node in walk(test)):
                    parts = list(calls(test))  # what is only tested stays where it is
            case Def(function=function):
                parts = [function]
        yield from _self_attributes(parts)


_PLAIN_ATTRIBUTES = frozenset({"device", "dtype", "shape"})
"""Attributes of tensors that are no tensors."""
_LIKE = frozenset({"empty_like", "full_like", "ones_like", "rand_like", "randn_like", "zeros_like"})
"""Functions that make a tensor of another one's shape."""
_COPYING = _LIKE | {"cat", "stack"}
"""Functions that make a tensor of their own of those that they are given."""
_PUTTING = frozenset({"append", "extend", "add_module", "register_module"})


def _self_attributes(nodes: list[Any]) -> Iterator[str]:
    """Yield the attributes of ``self`` that expressions hand on."""
    todo: list[Any] = nodes[::-1]
    while todo:
        node = todo.pop()
        match node:
            case Call(Attr(Attr(Name("self"), name), method), args, keywords):
                if method not in _PUTTING:
                    yield name
                todo += [*args, *keywords]
            case Call(Attr(Name("self")), args, keywords):
                todo += [*args, *keywords]
            case Attr(Name("self"), name):
                yield name
            case Attr(_, name) if name in _PLAIN_ATTRIBUTES:
                pass
            case Call(Attr(Name("torch"), name), [Attr(Name("self")), *args], keywords) if name in _LIKE:
                todo += [*args, *keywords]
            case _:
                todo += children(node)


def made_locals(body: list[Stmt]) -> Iterator[str]:
    """Yield the local names that are given the result of a call of something that may be a class."""
    for stmt in statements(body):
        if isinstance(stmt, Assign) and has_call(stmt.value):
            yield from (target.name for target in _given(stmt) if isinstance(target, Name))


def _given(stmt: Assign) -> Iterator[Expr]:
    """What an assignment gives something, each by itself: ``self.a, self.b = …`` gives two."""
    return (one for target in stmt.targets for one in targets(target))


_PURE = frozenset(
    {"int", "float", "len", "max", "min", "str", "bool", "range", "getattr", "hasattr", "isinstance", "round"}
    | {"abs", "sum", "tuple", "dict", "set", "sorted", "list", "zip", "enumerate", "reversed", "any", "all"}
)


def has_call(node: Node) -> bool:
    """Return whether an expression calls something that may give a module."""
    match node:
        case Call(Name(name), args) if name in _PURE:
            return any(map(has_call, args))
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


def _without_targets(body: list[Stmt]) -> list[Node]:
    """Return the expressions that statements read."""
    found: list[Node] = []
    for stmt in statements(body):
        if isinstance(stmt, Assign):
            found.append(stmt.value)
            found.extend(target for target in _given(stmt) if not isinstance(target, Name))
        elif not isinstance(stmt, Delete):
            found.extend([stmt.function] if isinstance(stmt, Def) else expressions(stmt))
    return found


def _read_in_loop(body: list[Stmt], made: set[str]) -> bool:
    """Return whether a local made before a loop or comprehension is read in it."""
    for stmt in statements(body):
        if isinstance(stmt, (For, While)):
            outside = made - set(made_locals(stmt.body))
            if any(name in outside for name in names(_without_targets(stmt.body))):
                return True
    comprehensions = [node for node in walk(body) if isinstance(node, Comprehension)]
    return any(name in made for found in comprehensions for name in names(found.element))
