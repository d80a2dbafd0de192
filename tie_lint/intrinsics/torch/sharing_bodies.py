"""Whether statements put one module or parameter under two names, by their text alone.

Errs on the side of saying that they do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tie_lint.intrinsics.torch.bodies import Body, Nodes, is_own
from tie_lint.intrinsics.torch.bound_modules import PUTTING, BoundModules, bindings
from tie_lint.python.node import Node
from tie_lint.python.nodes import (
    Attr,
    Binary,
    Call,
    Clause,
    Comprehension,
    Const,
    Expr,
    FString,
    Index,
    List,
    Name,
    Tuple,
    Walrus,
)
from tie_lint.python.statements import (
    AnnAssign,
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
from tie_lint.python.walk import calls, children, expressions, is_name, last_name, names, statements, walk


def shares(bound: BoundModules, gives: bool, handed: Iterable[str] = ()) -> bool:
    """Return whether statements may put one module or parameter under two names; ``gives`` tells whether what
    they return is used, ``handed`` names the parameters that may be modules.

    What is there but once is given something, and nobody reads it: that spares most bodies a closer look.
    """
    one, nodes = bound.body, bound.body.nodes
    own = Counter([node.name for node in nodes.of(Attr) if is_name(node.base, "self")])
    if one.times["self"] > own.total() and _hands_on_self(nodes, one.times["self"] - own.total()):
        return True
    by_text = {*_set_by_text(nodes.of(Call))}
    read = {name for name, count in own.items() if count > 1 or name in by_text}
    read.update(_got_by_text(nodes.of(Call)))
    enough = 1 if nodes.have(For, While, Comprehension) else 2
    times = one.times + Counter(node.name for node in nodes.of(Walrus))
    often = {name for name in bound.likely(handed) if times[name] >= enough}
    several = [*_several(nodes)]
    if not (read or often or several) and _WALKS.isdisjoint(own):
        return False
    modules = bound.names(handed)
    if any(_is_module(value, modules, bound) for value in several):
        return True
    held = {*_held_attributes(bound, modules)}
    handed_on = {*_read_attributes(one.stmts, gives)} if held else set()
    if not handed_on.isdisjoint(held & read) or (held and not handed_on.isdisjoint(_WALKS)):
        return True
    often &= modules
    return bool(often) and (_read_twice(one, often) or _read_in_loop(one, often))


def share_between(methods: Sequence[tuple[BoundModules, bool]]) -> bool:
    """Return whether one method may hand on what another, or that of a base, has put into an attribute; each
    with whether what it returns is used."""
    if len(methods) < 2:
        return False
    read = {name for bound, gives in methods for name in _read_attributes(bound.body.stmts, gives)}
    for bound, _ in methods:
        held = {*_set_by_text(bound.body.nodes.of(Call)), *(name for name, _ in _own_attributes(bound.body))}
        wanted = held if not _WALKS.isdisjoint(read) else held & read
        if wanted and not wanted.isdisjoint(_held_attributes(bound, bound.names())):
            return True
    return False


_WALKS = frozenset(
    {"children", "modules", "named_children", "named_modules", "parameters", "named_parameters", "buffers"}
    | {
        "named_buffers",
        "state_dict",
        "get_submodule",
        "get_parameter",
        "get_buffer",
        "_modules",
        "_parameters",
    }
    | {"_buffers"}
)
"""What hands out the parts of a module without their names."""
_SETTING = frozenset({"add_module", "register_module", "register_parameter", "__setattr__"})


def _hands_on_self(nodes: Nodes, times: int) -> bool:
    """Whether the object itself, which stands there by itself so many times, gets into other hands."""
    harmless = sum(is_name(part, "self") for text in nodes.of(FString) for part in text.parts)
    for call in nodes.of(Call):
        match call:
            case Call(Name("setattr"), [Name("self"), *_]) | Call(Attr(_, "__init__"), [Name("self"), *_]):
                harmless += 1
            case Call(Name("getattr"), [Name("self"), Const(), *_]):
                harmless += 1
            case Call(Name(name), args) if name in _TELLING:
                harmless += sum(is_name(arg, "self") for arg in args)
    return times > harmless


_TELLING = frozenset({"super", "isinstance", "hasattr", "type", "id", "repr", "str", "len", "issubclass"})
"""Functions that tell something of an object and do not hand it on."""


def _set_by_text(nodes: Iterable[Call]) -> Iterator[str]:
    """The attributes of ``self`` that are set by what text names them."""
    for node in nodes:
        match node:
            case Call(Name("setattr"), [Name("self"), Const(str(name)), *_]):
                yield name
            case Call(Attr(base, method), [Const(str(name)), *_]) if method in _SETTING and is_own(base):
                yield name


def _got_by_text(nodes: Iterable[Call]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Call(Name("getattr"), [Name("self"), Const(str(name)), *_]):
                yield name
            case Call(Attr(base, "__getattr__" | "__getattribute__"), [Const(str(name))]) if is_own(base):
                yield name


def _several(nodes: Nodes) -> Iterator[Expr]:
    """What is given to more than one, or given more than once: ``a = b = …``, ``[…] * 2``."""
    yield from (stmt.value for stmt in nodes.of(Assign) if len(stmt.targets) > 1)
    for node in nodes.of(Binary):
        if node.operator == "*" and isinstance(node.left, (List, Tuple)) | isinstance(
            node.right, (List, Tuple)
        ):
            yield node
    for call in nodes.of(Call):
        if last_name(call.function) in _REPEATING:
            yield from call.args


_REPEATING = frozenset({"repeat", "cycle", "tee"})
"""Functions of itertools that give the same again."""


def _is_module(value: Expr, modules: set[str], bound: BoundModules) -> bool:
    """Whether what is given more than once may be, or hold, a module."""
    return not modules.isdisjoint(names(value)) or any(map(bound.makes, calls(value)))


def _read_twice(one: Body, made: set[str]) -> bool:
    """Return whether statements read one of some locals more than once."""
    times = _times_read(one.stmts)
    return any(times[name] > 1 for name in made)


def _times_read(body: list[Stmt]) -> Counter[str]:
    """How often statements read each name, not counting where it is copied, or put into, or where the local
    is given what one of its methods makes of it."""
    read = _without_targets(body)
    times = Counter(names(read))
    for node in walk(read):
        match node:
            case Call(Attr(Name(name), method)) if method == "clone" or method in PUTTING:
                times[name] -= 1
            case Call(Attr(Name("torch"), function), args) if function in _COPYING:
                times.subtract(item.name for item in _items(args) if isinstance(item, Name))
            case Clause(target=target):
                times.subtract(names(target))
            case Walrus(name):
                times[name] += 1  # whoever it stands for has it, too
    for stmt in statements(body):
        match stmt:
            case Assign(targets=[Name(name)], value=Call(Attr(Name(same)))) if name == same:
                times[name] -= 1
    return times


def _items(args: list[Expr]) -> Iterator[Expr]:
    """Yield arguments; of a list that is written out its items."""
    for arg in args:
        yield from arg.items if isinstance(arg, (List, Tuple)) else [arg]


def _held_attributes(bound: BoundModules, modules: set[str]) -> Iterator[str]:
    """Yield the attributes of ``self`` that are given what may be a module; ``modules`` are the names that
    may hold one."""
    one = bound.body

    def may_be(value: Expr) -> bool:
        return bound.makes(value) or not modules.isdisjoint(names(value))

    yield from (name for name, value in _own_attributes(one) if may_be(value))
    yield from _set_by_text(call for call in one.nodes.of(Call) if any(map(may_be, call.args)))


def _own_attributes(one: Body) -> Iterator[tuple[str, Expr]]:
    """Yield the attributes of ``self`` that are given something, each with what that is made of."""
    for stmt in statements(one.stmts):
        for target, value in bindings(stmt):
            if isinstance(target, Attr) and is_name(target.base, "self"):
                yield target.name, value


def _read_attributes(body: list[Stmt], gives: bool) -> Iterator[str]:
    """Yield the attributes of ``self`` that are read, other than to call or to append to them, or to a local
    that stays one."""
    names_read = {*_names_handed_on(body, gives)}
    for stmt in statements(body):
        match stmt:
            case Assign(targets=[Name(name)], value=value) if name not in names_read and _is_only_read(value):
                continue
        yield from _self_attributes(_handed_on(stmt, gives))


def _is_only_read(value: Expr) -> bool:
    """Whether an expression reads something of an attribute of ``self``, and gives it to nobody."""
    match value:
        case Call(Name("getattr"), [base, *_]):
            return _is_only_read(base)
        case Attr(Name("self")):
            return True
        case Attr(base) | Index(base):
            return _is_only_read(base)
    return False


def _names_handed_on(body: list[Stmt], gives: bool) -> Iterator[str]:
    """Yield the names that are read for more than what a tensor tells of itself."""
    todo: list[Any] = [part for stmt in statements(body) for part in _handed_on(stmt, gives)]
    while todo:
        node = todo.pop()
        match node:
            case Name(name):
                yield name
            case Attr(_, name) if name in _PLAIN_ATTRIBUTES:
                pass
            case _:
                todo += children(node)


def _handed_on(stmt: Stmt, gives: bool) -> list[Any]:
    """What a statement does more with than to look at it; ``gives`` tells if what is returned is used."""
    match stmt:
        case ExprStmt(value=Call(Attr(Attr(Name("nn"), "init") | Name("init")))):
            return []  # which fills it with numbers
        case ExprStmt(value=Call(Attr(Attr(_, "data"), method), args, keywords)) if method.endswith("_"):
            return [*args, *keywords]  # as this does
        case Assign(value=value) | AnnAssign(value=Expr() as value) | AugAssign(value=value):
            return [value]
        case For(iterable=Call(Attr(Name("self"), name))) if name in _WALKS:
            return []  # whose names are looked at by themselves
        case Return() if not gives:
            return [*calls([*expressions(stmt)])]
        case If(test=test) | While(test=test) if not any(isinstance(node, Walrus) for node in walk(test)):
            return [*calls(test)]  # what is only tested stays where it is
        case Def(function=function):
            return [function]
    return [*expressions(stmt)]


_PLAIN_ATTRIBUTES = frozenset({"device", "dtype", "shape"})
"""Attributes of tensors that are no tensors."""
_AS = frozenset({"expand_as", "to", "type_as", "view_as"})
"""Methods that make a tensor of the kind or shape of another one."""
_LIKE = frozenset({"empty_like", "full_like", "ones_like", "rand_like", "randn_like", "zeros_like"})
"""Functions that make a tensor of another one's shape."""
_COPYING = _LIKE | {"cat", "stack"}
"""Functions that make a tensor of their own of those that they are given."""


def _self_attributes(nodes: list[Any]) -> Iterator[str]:
    """Yield the attributes of ``self`` that expressions hand on."""
    todo: list[Any] = nodes[::-1]
    while todo:
        node = todo.pop()
        match node:
            case Call(Attr(Attr(Name("self"), name), method), args, keywords):
                if method not in PUTTING | _SETTING | {"keys"}:
                    yield name
                todo += [*args, *keywords]
            case Call(Attr(base, "__getattr__" | "__getattribute__"), [Const(str(name))]) if is_own(base):
                yield name
            case Call(Attr(Name("self"), name), args, keywords):
                if name in _WALKS:
                    yield name
                todo += [*args, *keywords]
            case Attr(Name("self"), name):
                yield name
            case Call(Name("getattr"), [Name("self"), Const(str(name)), *args]):
                yield name
                todo += args
            case Attr(_, name) if name in _PLAIN_ATTRIBUTES:
                pass
            case Call(Attr(base, name)) if name in _AS:
                todo.append(base)
            case Call(Attr(Name("torch"), name), [Attr(Name("self")), *args], keywords) if name in _LIKE:
                todo += [*args, *keywords]
            case _:
                todo += children(node)


def _without_targets(body: list[Stmt]) -> list[Node]:
    """Return the expressions that statements read."""
    found: list[Node] = []
    for stmt in statements(body):
        bound = [*bindings(stmt)] if not isinstance(stmt, ExprStmt) else []
        if isinstance(stmt, Def):
            found.append(stmt.function)
        elif bound:
            found += {id(value): value for _, value in bound}.values()
            found += [target for target, _ in bound if not isinstance(target, Name)]
        elif not isinstance(stmt, Delete):
            found += expressions(stmt)
    return found


def _read_in_loop(one: Body, made: set[str]) -> bool:
    """Return whether a local made before a loop or comprehension is read in it."""
    for stmt in statements(one.stmts):
        if isinstance(stmt, (For, While)):
            outside = made.difference(*map(_plainly_bound, [stmt, *statements(stmt.body)]))
            read = _times_read(stmt.body)
            if any(read[name] > 0 for name in outside):
                return True
    for found in one.nodes.of(Comprehension):
        inner = {*names(found.clauses[-1].target)}  # those of others are there in each round of it
        if any(name in made and name not in inner for name in names(found.element)):
            return True
    return False


def _plainly_bound(stmt: Stmt) -> set[str]:
    """The names that a statement gives another value."""
    bound = [] if isinstance(stmt, ExprStmt) else bindings(stmt)
    return {target.name for target, _ in bound if isinstance(target, Name)}
