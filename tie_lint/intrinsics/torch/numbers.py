"""Which local names of a body only ever hold numbers, or tensors made on the spot: a look at its text.

Neither can be a module, or a parameter that another module holds. Errs on the side of not knowing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tie_lint.interpreter.classes import assigned_names
from tie_lint.interpreter.values import Function
from tie_lint.python.effects import act_outside, calls, statements
from tie_lint.python.facts import Expr, Stmt

if TYPE_CHECKING:
    from tie_lint.interpreter.namespace import Namespace

PACKAGES = ("torch", "math", "np", "numpy", "itertools")
"""Whose functions give numbers and tensors."""
_HANDING_ON = frozenset({"itertools", "compile"})
"""What gives back what it was given."""
_PACKAGE_NAMES = [["name", package] for package in PACKAGES]
_OF_NUMBERS = frozenset({"**", "/", "//", "%", "@"})
"""Operators that neither modules nor lists of them have, and that give something new."""
DEEPEST = 4
"""How deep calls are followed."""
_FUNCTIONS = frozenset({"int", "float", "len", "max", "min", "bool", "round", "abs", "sum"})


def numbers(scope: Namespace, body: list[Stmt]) -> set[str]:
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
    for stmt in statements(body):
        if stmt[0] in ("if", "while"):
            continue  # its inner statements come by themselves
        plain = {target[1] for target in stmt[2] if target[0] == "name"} if stmt[0] == "assign" else set()
        for name in plain:
            yield name, stmt[3]
        for name, _ in assigned_names([stmt]):
            if name not in plain:
                yield name, None


def _is_number(value: Expr | None, known: set[str], scope: Namespace) -> bool:
    match value:
        case ["const", _]:
            return True
        case ["name", name]:
            return name in known
        case ["un", _, operand]:
            return _is_number(operand, known, scope)
        case ["bin", operator, left, right]:
            both = _is_number(left, known, scope) and _is_number(right, known, scope)
            return both or operator in _OF_NUMBERS
        case ["call", ["attr", ["name", package], leaf], *handed] if package in PACKAGES:
            gives = package not in _HANDING_ON and leaf not in _HANDING_ON
            return gives and all(_is_number(call, known, scope) for call in calls(handed))
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


def _makes_nothing(scope: Namespace, name: str, depth: int = DEEPEST) -> bool:
    """Whether a function of the module can make no module of plain data: it calls functions of that kind, and
    methods of what it is given, which it leaves as it is."""
    found = scope.lookup(name)
    if not isinstance(found, Function) or not depth:
        return False
    if act_outside(found.facts.body, (), ()):
        return False
    own = {param[0] for param in found.facts.params} | {name for name, _ in assigned_names(found.facts.body)}
    for call in calls([stmt[2:] for stmt in found.facts.body]):
        match call[1]:
            case ["name", called] if called in _FUNCTIONS or _makes_nothing(found.scope, called, depth - 1):
                continue
            case ["attr", base, _] if _root(base) in own or base in _PACKAGE_NAMES:
                continue
        return False
    return True


def _root(node: Expr) -> Any:
    """The name that a chain of attributes, items and calls starts from."""
    while node[0] in ("attr", "index", "call"):
        node = node[1]
    return node[1] if node[0] == "name" else None


def turns_numbers_into_numbers(scope: Namespace, body: list[Stmt], function: str) -> bool:
    """Whether all that a body does with a function is to call it with numbers, and it makes no module."""
    known = numbers(scope, body)
    own = [call for call in calls([stmt[2:] for stmt in body]) if call[1] == ["name", function]]
    return _mentions(body, function) == len(own) and all(_is_number(call, known, scope) for call in own)


def _mentions(node: Any, name: str) -> int:
    if not isinstance(node, list):
        return 0
    return 1 if node == ["name", name] else sum(_mentions(part, name) for part in node)
