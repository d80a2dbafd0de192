"""Which local names of a body only ever hold numbers, or tensors made on the spot: a look at its text.

Neither can be a module, or a parameter that another module holds. Errs on the side of not knowing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tie_lint.model.classes import assigned_names
from tie_lint.model.effects import calls
from tie_lint.model.values import Function
from tie_lint.python.facts import Expr, Stmt

if TYPE_CHECKING:
    from tie_lint.model.project import Scope

PACKAGES = ("torch", "math", "np", "numpy", "itertools")
"""Whose functions give numbers and tensors."""
_FUNCTIONS = frozenset({"int", "float", "len", "max", "min", "bool", "round", "abs", "sum"})


def numbers(scope: Scope, body: list[Stmt]) -> set[str]:
    """The names, of all that the body's statements assign."""
    given: dict[str, list[Expr | None]] = {}
    for name, value in _assignments(body):
        given.setdefault(name, []).append(value)
    found = set(given)
    while lost := {
        name for name in found if not all(_is_number(value, found, scope) for value in given[name])
    }:
        found -= lost
    return found


def _assignments(body: list[Stmt]) -> Iterator[tuple[str, Expr | None]]:
    """Each name that is assigned, with the value; None where that is not written out."""
    plain = set()
    for stmt in _inner(body):
        if stmt[0] == "assign":
            for target in stmt[2]:
                if target[0] == "name":
                    plain.add((target[1], id(stmt)))
                    yield target[1], stmt[3]
        if stmt[0] != "assign" or any(target[0] != "name" for target in stmt[2]):
            for name, _ in assigned_names([stmt]):
                if (name, id(stmt)) not in plain:
                    yield name, None


def _inner(body: list[Stmt]) -> Iterator[Stmt]:
    """The statements that stand by themselves, those of inner bodies for the bodies they are in."""
    for stmt in body:
        match stmt:
            case ["if" | "while", _, _, then, otherwise]:
                yield from _inner([*then, *otherwise])
            case _:
                yield stmt


def _is_number(value: Expr | None, known: set[str], scope: Scope) -> bool:
    match value:
        case ["const", _]:
            return True
        case ["name", name]:
            return name in known
        case ["un", _, operand]:
            return _is_number(operand, known, scope)
        case ["bin", _, left, right]:
            return _is_number(left, known, scope) and _is_number(right, known, scope)
        case ["call", ["attr", ["name", package], _], _, _] if package in PACKAGES:
            return True
        case ["call", ["attr", base, "get"], _, _] if _is_of_config(base):
            return True
        case ["call", ["attr", base, _], _, _]:
            return _is_number(base, known, scope)
        case ["call", ["name", function], args, keywords]:
            handed = [*args, *(item for _, item in keywords)]
            given = all(_is_number(arg, known, scope) for arg in handed)
            return given and (function in _FUNCTIONS or _makes_nothing(scope, function))
        case ["index" | "attr", base, _]:
            return _is_of_config(value) or _is_number(base, known, scope)
    return False


def _is_of_config(node: Any) -> bool:
    """Whether an expression reads something that a config holds, which is plain data."""
    while isinstance(node, list) and node[0] in ("attr", "index"):
        if node == ["attr", ["name", "self"], "config"]:
            return True
        node = node[1]
    return bool(node == ["name", "config"])


def _makes_nothing(scope: Scope, name: str) -> bool:
    """Whether a function of the module calls nothing that could make a module, whatever it is given."""
    found = scope.lookup(name)
    return isinstance(found, Function) and not any(
        call[1][0] != "attr" or call[1][1][0] != "name" or call[1][1][1] not in PACKAGES
        for stmt in found.facts.body
        for call in calls(stmt[2:])
    )
