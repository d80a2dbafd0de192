"""What statements change beside the object that they construct, by their text alone.

Errs on the side of saying that they do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tie_lint.python.facts import Expr, Stmt

CHANGING = frozenset(
    {"append", "extend", "insert", "remove", "pop", "popitem", "clear", "reverse", "sort", "update"}
    | {"setdefault", "add", "discard", "__setitem__"}
)
"""Methods of lists, dicts and sets that change them."""

_REGISTERING = frozenset({"register_module", "add_module", "register_parameter"})
_TENSOR_ATTRIBUTES = frozenset({"data", "requires_grad", "grad"})
_LOOKS_UP = frozenset({"getattr", "iter", "next", "type", "vars"})
"""Functions that hand out what they found rather than something new."""


def calls(node: Any) -> Iterator[Expr]:
    """Every call in statements or expressions, except in functions that are only defined."""
    if not isinstance(node, list) or (node and node[0] in ("def", "lambda", "raise")):
        return
    if len(node) == 4 and node[0] == "call" and isinstance(node[1], list):
        yield node
    for part in node:
        yield from calls(part)


def statements(body: Any) -> Iterator[list[Any]]:
    """Every statement of a body, inner ones too."""
    for stmt in body:
        yield stmt
        match stmt:
            case ["if" | "while", _, _, inner, orelse]:
                yield from statements([*inner, *orelse])
            case ["for", _, _, _, inner, orelse]:
                yield from statements([*inner, *orelse])
            case ["with", _, _, inner]:
                yield from statements(inner)
            case ["try", _, inner, handlers, orelse, final]:
                yield from statements([*inner, *orelse, *final])
                for handler in handlers:
                    yield from statements(handler[2])


def act_outside(body: list[Stmt], fresh: Iterable[str], shared: Iterable[str]) -> bool:
    """Whether a method's body changes what others hold: arguments, globals, classes.

    ``fresh`` are the parameters that are made anew for each call (``*args``, ``**kwargs``), ``shared`` the
    class attributes that instances have in common.
    """
    flat = list(statements(body))
    own = {"self", *fresh, *_made_names(flat)}
    changed = [place for stmt in flat for place in _changed_places(stmt)]
    return any(_is_outside(place, own, set(shared)) for place in changed)


def _made_names(body: list[Stmt]) -> Iterator[str]:
    """The local names that are only ever given something new."""
    made: dict[str, bool] = {}
    for stmt in body:
        if stmt[0] == "assign":
            for name, value in (pair for target in stmt[2] for pair in _given(target, stmt[3])):
                made[name] = made.get(name, True) and _is_new(value)
        elif stmt[0] == "for":
            made.update((name, False) for name, _ in _given(stmt[2], stmt[3]))
    return (name for name, new in made.items() if new)


def _given(target: Expr, value: Expr) -> Iterator[tuple[str, Expr]]:
    """The names that an assignment binds, each with what it is given, or part of."""
    if target[0] == "name":
        yield target[1], value
    elif target[0] in ("tuple", "list"):
        apart = value[0] in ("tuple", "list") and len(value[1]) == len(target[1])
        for index, item in enumerate(target[1]):
            yield from _given(item, value[1][index] if apart else value)


def _is_new(value: Expr) -> bool:
    if value[0] == "call":
        return not (value[1][0] == "name" and value[1][1] in _LOOKS_UP)
    return value[0] not in ("name", "attr", "index", "if", "bool", "walrus", "opaque")


def _changed_places(stmt: Stmt) -> Iterator[Expr]:
    """The attributes, items and containers that a statement itself changes."""
    match stmt:
        case ["assign" | "del", _, targets, *_]:
            for target in targets:
                yield from _places(target)
        case ["aug" | "ann", _, target, *_]:
            yield from _places(target)
    for call in calls([part for part in stmt[2:] if _is_expression(part)]):
        match call:
            case ["call", ["attr", base, method], _, _] if method in CHANGING | _REGISTERING:
                yield ["index", base, None]
            case ["call", ["name", "setattr" | "delattr"], [base, *_], _]:
                yield ["index", base, None]


def _is_expression(part: Any) -> bool:
    return isinstance(part, list) and bool(part) and isinstance(part[0], str)


def _places(target: Expr) -> Iterator[Expr]:
    if target[0] == "index" or (target[0] == "attr" and target[2] not in _TENSOR_ATTRIBUTES):
        yield target
    elif target[0] in ("tuple", "list"):
        for item in target[1]:
            yield from _places(item)
    elif target[0] == "star":
        yield from _places(target[1])


def _is_outside(place: Expr, own: set[str], shared: set[str]) -> bool:
    """Whether an attribute or item belongs to something that is not the method's own."""
    base = place[1]
    while base[0] in ("attr", "index"):
        if base == ["attr", ["name", "self"], base[2]] and (base[2] in shared or base[2] == "__class__"):
            return True
        base = base[1]
    return base[0] not in ("list", "dict", "set") and not (base[0] == "name" and base[1] in own)
