"""Which classes can matter to a tie without being handed anything: a look at their text alone.

A module that waits to be built (nothing was passed to it that it could share) need be built only if its
own text, or that of a class it builds, shares something inside, declares keys or hooks into tying.
The look errs on the side of building.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tie_lint.model.classes import Class
from tie_lint.model.values import External, Module, Value

if TYPE_CHECKING:
    from tie_lint.model.interpreter import Interpreter

_TELLTALE = frozenset({"_tied_weights_keys", "_tie_weights", "_dynamic_tied_weights_keys", "tie_weights"})


def may_matter(run: Interpreter, module: Module) -> bool:
    """Whether to look into a module when all ties are gathered."""
    if module.build is None or not isinstance(module.cls, Class):
        return True
    return class_matters(run, module.cls)


def class_matters(run: Interpreter, cls: Class) -> bool:
    """Whether a class may share something inside itself, or declare something about tying."""
    key = "matters"
    if key not in cls.kept:
        cls.kept[key] = False  # for classes that build each other
        cls.kept[key] = _matters(run, cls)
    answer: bool = cls.kept[key]
    return answer


def _matters(run: Interpreter, cls: Class) -> bool:
    if cls.is_model or any(True for _ in cls.foreign_bases()):
        return True
    for item in cls.mro:
        if not isinstance(item, Class):
            continue
        if not _TELLTALE.isdisjoint(item.own()):
            return True
        bodies = [facts.body for name in _construction(item) if (facts := item.method(name))]
        if any(_shares(body) for body in bodies):
            return True
        if any(_value_matters(run, item, name) for body in bodies for name in _names(body)):
            return True
    return False


def _construction(cls: Class) -> Iterator[str]:
    """``__init__`` and the methods of ``self`` that it calls, by name."""
    todo, seen = ["__init__"], set()
    while todo:
        name = todo.pop()
        if name in seen or not cls.facts.has_method(name):
            continue
        seen.add(name)
        yield name
        facts = cls.method(name)
        if facts is not None:
            todo.extend(_self_calls(facts.body))


def _self_calls(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        if len(node) == 4 and node[0] == "call" and isinstance(node[1], list):
            match node[1]:
                case ["attr", ["name", "self"], name]:
                    yield name
        for part in node:
            yield from _self_calls(part)


def _names(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        if len(node) == 2 and node[0] == "name" and isinstance(node[1], str):
            yield node[1]
        else:
            for part in node:
                yield from _names(part)


def _value_matters(run: Interpreter, cls: Class, name: str) -> bool:
    """Whether what a name means in a class's module may bring something that matters."""
    if name in ("self", "config", "super"):
        return False
    value: Value = cls.scope.lookup(name)
    candidates = value.values() if isinstance(value, dict) else [value]
    for candidate in candidates:
        if isinstance(candidate, Class) and candidate is not cls:
            if candidate.leaf.startswith("Auto") or ((candidate.is_module) and class_matters(run, candidate)):
                return True
        if isinstance(candidate, External) and candidate.leaf.startswith("Auto"):
            return True
    return False


def _shares(body: Any) -> bool:
    """Whether statements may put one module or parameter under two names."""
    held = set(_held_attributes(body))
    if any(name in held for name in _read_attributes(body)):
        return True
    made = set(_made_locals(body))
    reads = [name for name in _names(_without_targets(body)) if name in made]
    return len(reads) > len(set(reads)) or bool(made and _read_in_loop(body, made))


def _held_attributes(node: Any) -> Iterator[str]:
    """Attributes of ``self`` that are given the result of a call: they may hold modules."""
    for stmt in _statements(node):
        if stmt[0] == "assign" and _has_call(stmt[3]):
            for target in stmt[2]:
                match target:
                    case ["attr", ["name", "self"], name]:
                        yield name


def _read_attributes(node: Any) -> Iterator[str]:
    """Attributes of ``self`` that are read, other than to call or to append to them."""
    for stmt in _statements(node):
        parts = stmt[3:] if stmt[0] == "assign" else stmt[2:]
        if stmt[0] == "assign":
            for target in stmt[2]:
                if target[0] == "attr" and target[1] != ["name", "self"]:
                    yield from _self_attributes(target[1])
        if stmt[0] in ("if", "for", "while", "with", "try"):
            parts = [part for part in stmt[2:] if _is_expression(part)]
        for part in parts:
            yield from _self_attributes(part)


def _is_expression(part: Any) -> bool:
    return isinstance(part, list) and bool(part) and isinstance(part[0], str)


def _self_attributes(node: Any) -> Iterator[str]:
    if not isinstance(node, list):
        return
    match node:
        case ["call", ["attr", ["attr", ["name", "self"], name], method], args, keywords]:
            if method not in ("append", "extend", "add_module", "register_module"):
                yield name
            yield from _self_attributes(args)
            yield from _self_attributes(keywords)
        case ["call", ["attr", ["name", "self"], _], args, keywords]:
            yield from _self_attributes(args)
            yield from _self_attributes(keywords)
        case ["attr", ["name", "self"], name]:
            yield name
        case _:
            for part in node:
                yield from _self_attributes(part)


def _made_locals(node: Any) -> Iterator[str]:
    """Local names that are given the result of a call of something that may be a class."""
    for stmt in _statements(node):
        if stmt[0] == "assign" and _has_call(stmt[3]):
            for target in stmt[2]:
                if target[0] == "name":
                    yield target[1]


_PURE = frozenset(
    "int float len max min str bool range getattr hasattr isinstance round abs sum tuple dict set sorted".split()
)


def _has_call(node: Any) -> bool:
    """Whether an expression calls something that may give a module."""
    if not isinstance(node, list):
        return False
    if len(node) == 4 and node[0] == "call":
        function = node[1]
        if function[0] == "name" and function[1] in _PURE:
            return any(_has_call(arg) for arg in node[2])
        return not (
            function[0] == "attr" and function[1] in (["name", "torch"], ["name", "math"], ["name", "np"])
        )
    return any(_has_call(part) for part in node)


def _statements(body: Any) -> Iterator[list[Any]]:
    """Every statement of a body, inner ones too."""
    for stmt in body:
        yield stmt
        match stmt:
            case ["if" | "while", _, _, inner, orelse]:
                yield from _statements([*inner, *orelse])
            case ["for", _, _, _, inner, orelse]:
                yield from _statements([*inner, *orelse])
            case ["with", _, _, inner]:
                yield from _statements(inner)
            case ["try", _, inner, handlers, orelse, final]:
                yield from _statements([*inner, *orelse, *final])
                for handler in handlers:
                    yield from _statements(handler[2])


def _without_targets(body: Any) -> list[Any]:
    """The expressions that statements read."""
    found: list[Any] = []
    for stmt in _statements(body):
        if stmt[0] == "assign":
            found.append(stmt[3])
            found.extend(target for target in stmt[2] if target[0] != "name")
        else:
            found.extend(part for part in stmt[2:] if _is_expression(part))
    return found


def _read_in_loop(body: Any, made: set[str]) -> bool:
    """Whether a local made before a loop or comprehension is read in it."""
    for stmt in _statements(body):
        if stmt[0] in ("for", "while"):
            inner = set(_made_locals(stmt[4] if stmt[0] == "for" else stmt[3]))
            if any(
                name in made - inner for name in _names(_without_targets(stmt[4 if stmt[0] == "for" else 3]))
            ):
                return True
    return any(name in made for comp in _comprehensions(body) for name in _names(comp[2]))


def _comprehensions(node: Any) -> Iterator[list[Any]]:
    if isinstance(node, list):
        if len(node) == 4 and node[0] == "comp":
            yield node
        for part in node:
            yield from _comprehensions(part)
