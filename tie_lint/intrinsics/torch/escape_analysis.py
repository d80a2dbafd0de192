"""Which classes can matter to a tie without being handed anything: a look at their text alone.

A module that was passed nothing that it could share need be built only if its own text, or that of a class
it builds, shares something inside, changes something outside, declares keys, hooks into tying or asks a
config whether to tie.
The look errs on the side of building.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

from tie_lint.interpreter.base_values import External, Native, RaisedError, Value
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.holding import held_by
from tie_lint.interpreter.namespace import Namespace
from tie_lint.interpreter.roots import ROOTS, Root
from tie_lint.interpreter.values import Function, Instance, Module, Param, may_give_module
from tie_lint.intrinsics.torch.construction_bodies import Body, construction, used_results
from tie_lint.intrinsics.torch.dynamic_names import reads_anything
from tie_lint.intrinsics.torch.module_names import imported_inside, read_of_modules
from tie_lint.intrinsics.torch.numbers import PACKAGES, is_number, numbers, turns_numbers_into_numbers
from tie_lint.intrinsics.torch.reached_values import bodies_of, is_of_the_library
from tie_lint.library.names import NN_MODULE
from tie_lint.python.effects import act_outside
from tie_lint.python.node import Node
from tie_lint.python.nodes import Attr, Call, Comprehension, Const, Expr, Keyword, List, Name, Tuple, Walrus
from tie_lint.python.statements import (
    Assign,
    AugAssign,
    Def,
    Delete,
    ExprStmt,
    For,
    If,
    Return,
    Stmt,
    While,
)
from tie_lint.python.walk import (
    calls,
    children,
    expressions,
    is_name,
    names,
    statements,
    targets,
    walk,
)
from tie_lint.record import Data

_FLAG = "tie_word_embeddings"
_TELLTALE = frozenset({"_tied_weights_keys", "_tie_weights", "_dynamic_tied_weights_keys", "tie_weights"})


def may_escape(interp: Interpreter, cls: Class) -> bool:
    """Return whether a class, or one it may build, shares something inside or declares something
    about tying.
    """
    known = _ESCAPES.get(cls)
    return _search(interp, cls) if known is None else known


_ESCAPES: Cache[bool] = Cache()


def _search(interp: Interpreter, cls: Class) -> bool:
    reached = {cls.name: cls}
    todo = [cls]
    while todo:
        item = todo.pop()
        known = _ESCAPES.get(item)
        look = _LOOKS.of(item, partial(_look_at, interp, item)) if known is None else _Look(known, [])
        if look.matters:
            return _ESCAPES.put(cls, True)
        for used in look.builds:
            if used.name not in reached:
                reached[used.name] = used
                todo.append(used)
    for item in reached.values():
        _ESCAPES.put(item, False)
    return False


class _Look(Data):
    """What the text of one class says: whether it matters by itself, and which classes it may build."""

    matters: bool
    builds: list[Class]


_LOOKS: Cache[_Look] = Cache()


def _look_at(interp: Interpreter, cls: Class) -> _Look:
    return _Look(True, []) if _matters_at_once(cls) else _look(interp, cls)


def _matters_at_once(cls: Class) -> bool:
    if cls.is_model or any(True for _ in cls.foreign_bases()):
        return True
    return any(isinstance(item, Class) and not _TELLTALE.isdisjoint(item.own()) for item in cls.mro)


def _look(interp: Interpreter, cls: Class) -> _Look:
    builds: list[Class] = []
    bodies = list(construction(cls))
    used = {name for body in bodies for name in used_results(body.stmts)}
    seen, kept = set[int](), list[Value]()
    in_common = {name for item in cls.mro if isinstance(item, Class) for name in _values_of(item)}
    for one in bodies:
        scope, body, nodes, fresh, plain, remembers, method = one
        times = Counter([node.name for node in nodes if type(node) is Name])
        shares = _shares(one, times, gives=method is None or method in used)
        if remembers or shares or _mentions_flag(nodes) or act_outside(body, fresh, in_common):
            return _Look(True, [])
        named = {name: scope.lookup(name) for name in times.keys() - _SELF}
        named.update(imported_inside(interp, scope, nodes))
        try:
            meant: list[tuple[str | Attr, Value]] = [*named.items()]
            meant += read_of_modules(interp, named, nodes)
        except RaisedError:
            return _Look(True, [])
        if reads_anything(named, nodes):
            return _Look(True, [])
        for name, value in meant:
            for held in held_by(value, is_of_the_library):
                if _is_opaque(held) or _hands_out_again(held):
                    return _Look(True, [])
                if isinstance(held, Class) and held.is_module:
                    builds.append(held)
                    continue
                if isinstance(held, Function) and held is value:
                    if _is_given_self(body, name):
                        return _Look(True, [])
                    if isinstance(name, str) and turns_numbers_into_numbers(scope, body, plain, name):
                        continue
                if is_of_the_library(held) and not (held is value and isinstance(held, Function)):
                    continue
                if id(held) not in seen:
                    seen.add(id(held))
                    kept.append(held)  # so that no other has its number
                    bodies += bodies_of(held)
    return _Look(False, builds)


def _hands_out_again(value: Value) -> bool:
    """Whether what a name means may give a module that is somewhere else, too, or any that it holds."""
    if isinstance(value, Native):
        return value.remembers
    if isinstance(value, (Module, Param)):
        return True
    return isinstance(value, Instance) and any(map(may_give_module, value.attrs.values()))


def _mentions_flag(nodes: list[Node]) -> bool:
    """Return whether a body names the flag in whatever way."""
    for node in nodes:
        field = _TEXTS.get(type(node))
        text = None if field is None else getattr(node, field)
        if type(text) is str and _FLAG in text:
            return True
    return False


_TEXTS: dict[type[Node], str] = {Name: "name", Attr: "name", Const: "value", Keyword: "name"}
"""The fields that can name something."""


_SELF = {"self", "config", "super"}
_PACKAGES = frozenset(
    {"torch", "transformers", "builtins", "typing", "collections", "dataclasses", "math", "functools", "copy"}
    | {"logging"}
)
"""Whose classes bring no model."""


def _is_opaque(value: Value) -> bool:
    """Whether what a name means could bring a model, or a class that is not read."""
    if isinstance(value, External):
        foreign = value.name.partition(".")[0] not in _PACKAGES
        return value.leaf.startswith("Auto") or (foreign and value.leaf[:1].isupper())
    return isinstance(value, Class) and value.leaf.startswith("Auto")


def _is_given_self(body: list[Stmt], function: str | Attr) -> bool:
    """Return whether a function is called with ``self`` itself."""
    named = Name(function) if isinstance(function, str) else function
    return any(
        is_name(value, "self")
        for node in walk(body)
        if isinstance(node, Call) and node.function == named
        for value in [*node.args, *(keyword.value for keyword in node.keywords)]
    )


def _values_of(cls: Class) -> Iterator[str]:
    return (name for name, attribute in cls.own().items() if attribute.kind in ("value", "given"))


def _shares(one: Body, times: Counter[str], gives: bool) -> bool:
    """Whether statements may put one module or parameter under two names; ``gives`` tells whether what they
    return is used.

    ``times`` is how often each name is there. What is there but once is given something, and nobody reads it:
    that spares most bodies a closer look.
    """
    scope, body, nodes = one.scope, one.stmts, one.nodes
    own = Counter([node.name for node in nodes if type(node) is Attr and is_name(node.base, "self")])
    read = {name for name, count in own.items() if count > 1}
    enough = 2 if any(type(node) in _ROUNDS for node in nodes) else 3
    made = {name for name in _made_locals(body) if times[name] >= enough}
    if not read and not made:
        return False
    known = numbers(scope, body, one.plain)
    held = read.intersection(_held_attributes(scope, body, known))
    if held and any(name in held for name in _read_attributes(body, gives)):
        return True
    made -= known
    return bool(made) and (_read_twice(body, made) or _read_in_loop(body, made))


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


def _held_attributes(scope: Namespace, body: list[Stmt], known: set[str]) -> Iterator[str]:
    """Yield the attributes of ``self`` that are given the result of a call: they may hold modules.

    ``known`` are the local names that hold numbers.
    """
    for stmt in statements(body):
        if isinstance(stmt, Assign) and _has_call(stmt.value) and not is_number(stmt.value, known, scope):
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


def _made_locals(body: list[Stmt]) -> Iterator[str]:
    """Yield the local names that are given the result of a call of something that may be a class."""
    for stmt in statements(body):
        if isinstance(stmt, Assign) and _has_call(stmt.value):
            yield from (target.name for target in _given(stmt) if isinstance(target, Name))


def _given(stmt: Assign) -> Iterator[Expr]:
    """What an assignment gives something, each by itself: ``self.a, self.b = …`` gives two."""
    return (one for target in stmt.targets for one in targets(target))


_PURE = frozenset(
    {"int", "float", "len", "max", "min", "str", "bool", "range", "getattr", "hasattr", "isinstance", "round"}
    | {"abs", "sum", "tuple", "dict", "set", "sorted", "list", "zip", "enumerate", "reversed", "any", "all"}
)


def _has_call(node: Node) -> bool:
    """Return whether an expression calls something that may give a module."""
    match node:
        case Call(Name(name), args) if name in _PURE:
            return any(map(_has_call, args))
        case Call(Attr(Name(name)), args) if name in PACKAGES:
            return any(map(_has_call, args))
        case Call(Attr(tensor), args) if _is_tensor(tensor):
            return _has_call(tensor) or any(map(_has_call, args))
        case Call():
            return True
    return any(map(_has_call, children(node)))


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
            outside = made - set(_made_locals(stmt.body))
            if any(name in outside for name in names(_without_targets(stmt.body))):
                return True
    comprehensions = [node for node in walk(body) if isinstance(node, Comprehension)]
    return any(name in made for found in comprehensions for name in names(found.element))


ROOTS[NN_MODULE] = Root("module", may_escape=may_escape)
