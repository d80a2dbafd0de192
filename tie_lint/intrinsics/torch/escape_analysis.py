"""Which classes can matter to a tie without being handed anything: a look at their text alone.

A module that was passed nothing that it could share need be built only if its own text, or that of a class
it builds, shares something inside, changes something outside, declares keys, hooks into tying or asks a
config whether to tie.
The look errs on the side of building.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tie_lint.interpreter.base_values import External, Value
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.roots import ROOTS, Root
from tie_lint.interpreter.values import Function
from tie_lint.intrinsics.torch.numbers import PACKAGES, numbers, turns_numbers_into_numbers
from tie_lint.library.names import NN_MODULE
from tie_lint.python.effects import act_outside, calls, statements
from tie_lint.python.facts import FunctionFacts

if TYPE_CHECKING:
    from tie_lint.interpreter.context import Interpreter
    from tie_lint.interpreter.namespace import Namespace

_FLAG = "tie_word_embeddings"
_TELLTALE = frozenset({"_tied_weights_keys", "_tie_weights", "_dynamic_tied_weights_keys", "tie_weights"})


def may_escape(interp: Interpreter, cls: Class) -> bool:
    """Whether a class, or one it may build, shares something inside or declares something about tying."""
    known = _ESCAPES.get(cls)
    return _search(cls) if known is None else known


_ESCAPES: Cache[bool] = Cache()


def _search(cls: Class) -> bool:
    reached = {cls.name: cls}
    todo = [cls]
    while todo:
        item = todo.pop()
        known = _ESCAPES.get(item)
        look = _LOOKS.of(item, lambda item=item: _look_at(item)) if known is None else _Look(known, [])  # type: ignore[misc]
        if look.matters:
            return _ESCAPES.put(cls, True)
        for used in look.builds:
            if used.name not in reached:
                reached[used.name] = used
                todo.append(used)
    for item in reached.values():
        _ESCAPES.put(item, False)
    return False


@dataclass
class _Look:
    """What the text of one class says: whether it matters by itself, and which classes it may build."""

    matters: bool
    builds: list[Class]


_LOOKS: Cache[_Look] = Cache()


def _look_at(cls: Class) -> _Look:
    return _Look(True, []) if _matters_at_once(cls) else _look(cls)


def _matters_at_once(cls: Class) -> bool:
    if cls.is_model or any(True for _ in cls.foreign_bases()):
        return True
    return any(isinstance(item, Class) and not _TELLTALE.isdisjoint(item.own()) for item in cls.mro)


def _look(cls: Class) -> _Look:
    builds: list[Class] = []
    bodies = list(_construction(cls))
    seen = {id(body) for _, body, _ in bodies}
    in_common = {name for item in cls.mro if isinstance(item, Class) for name in _values_of(item)}
    for scope, body, fresh in bodies:
        if _shares(scope, body) or _FLAG in str(body) or act_outside(body, fresh, in_common):
            return _Look(True, [])
        for name in set(_names(body)) - _SELF:
            value = scope.lookup(name)
            if isinstance(value, Function) and id(value.facts.body) not in seen:
                if _is_given_self(body, name):
                    return _Look(True, [])
                if turns_numbers_into_numbers(scope, body, name):
                    continue
                seen.add(id(value.facts.body))
                bodies.append((value.scope, value.facts.body, _fresh(value.facts)))
            for candidate in value.values() if isinstance(value, dict) else [value]:
                if _is_opaque(candidate):
                    return _Look(True, [])
                if isinstance(candidate, Class) and candidate.is_module:
                    builds.append(candidate)
    return _Look(False, builds)


_SELF = {"self", "config", "super"}
_PACKAGES = frozenset(
    {"torch", "transformers", "builtins", "typing", "collections", "dataclasses", "math", "functools", "copy"}
)


def _is_opaque(value: Value) -> bool:
    """Whether what a name means could bring a model, or a class that is not read."""
    if isinstance(value, External):
        foreign = value.name.partition(".")[0] not in _PACKAGES
        return value.leaf.startswith("Auto") or (foreign and value.leaf[:1].isupper())
    return isinstance(value, Class) and value.leaf.startswith("Auto")


def _is_given_self(node: Any, function: str) -> bool:
    """Whether a function is called with ``self`` itself."""
    if not isinstance(node, list):
        return False
    if len(node) == 4 and node[0] == "call" and node[1] == ["name", function]:
        return ["name", "self"] in node[2] or any(value == ["name", "self"] for _, value in node[3])
    return any(_is_given_self(part, function) for part in node)


def _values_of(cls: Class) -> Iterator[str]:
    return (name for name, attribute in cls.own().items() if attribute.kind in ("value", "given"))


def _construction(cls: Class) -> Iterator[tuple[Any, Any, list[str]]]:
    """The bodies that construction may run, each with its module and the parameters that are made for it.

    ``__init__`` and whatever attributes of ``self`` they read: methods, and the values of class attributes.
    """
    todo, seen = ["__init__"], {"__init__"}
    while todo:
        name = todo.pop()
        for item in cls.mro:
            body = _body(item, name) if isinstance(item, Class) else None
            if isinstance(item, Class) and body is not None:
                facts = item.method(name)
                yield item.scope, body, [] if facts is None else _fresh(facts)
                read = set(_attributes_of_self(body)) - seen
                seen |= read
                todo.extend(sorted(read))


def _fresh(facts: FunctionFacts) -> list[str]:
    return [name for name, kind, *_ in facts.params if kind in ("*", "**")]


def _body(cls: Class, name: str) -> Any:
    """The statements behind a name of a class's own body; None where it has no such name."""
    attribute = cls.own().get(name)
    if attribute is not None and attribute.kind == "value":
        return [["expr", None, attribute.value]]
    facts = cls.method(name) if cls.facts.has_method(name) else None
    return None if facts is None else facts.body


def _attributes_of_self(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        if len(node) == 3 and node[0] == "attr" and node[1] == ["name", "self"]:
            yield node[2]
        for part in node:
            yield from _attributes_of_self(part)


def _names(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        if len(node) == 2 and node[0] == "name" and isinstance(node[1], str):
            yield node[1]
        else:
            for part in node:
                yield from _names(part)


def _shares(scope: Namespace, body: Any) -> bool:
    """Whether statements may put one module or parameter under two names."""
    held = set(_held_attributes(body))
    if any(name in held for name in _read_attributes(body)):
        return True
    made = set(_made_locals(body)) - numbers(scope, body)
    reads = [name for name in _names(_without_targets(body)) if name in made]
    return len(reads) > len(set(reads)) or bool(made and _read_in_loop(body, made))


def _held_attributes(node: Any) -> Iterator[str]:
    """Attributes of ``self`` that are given the result of a call: they may hold modules."""
    for stmt in statements(node):
        if stmt[0] == "assign" and _has_call(stmt[3]):
            for target in stmt[2]:
                match target:
                    case ["attr", ["name", "self"], name]:
                        yield name


def _read_attributes(node: Any) -> Iterator[str]:
    """Attributes of ``self`` that are read, other than to call or to append to them."""
    for stmt in statements(node):
        parts = stmt[3:] if stmt[0] == "assign" else stmt[2:]
        match stmt:
            case ["expr", _, ["call", ["attr", ["attr", ["name", "nn"], "init"] | ["name", "init"], _], *_]]:
                continue  # which fills it with numbers
        if stmt[0] in ("if", "while") and "walrus" not in str(stmt[2]):
            parts = list(calls(stmt[2]))  # what is only tested stays where it is
        elif stmt[0] in ("if", "while", "for", "with", "try"):
            parts = [part for part in stmt[2:] if _is_expression(part)]
        for part in parts:
            yield from _self_attributes(part)


def _is_expression(part: Any) -> bool:
    return isinstance(part, list) and bool(part) and isinstance(part[0], str)


_PLAIN_ATTRIBUTES = frozenset({"device", "dtype", "shape"})
"""Attributes of tensors that are no tensors."""


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
        case ["attr", _, name] if name in _PLAIN_ATTRIBUTES:
            return
        case _:
            for part in node:
                yield from _self_attributes(part)


def assigns_attributes(body: Any) -> Iterator[bool]:
    """For each assignment of a body to an attribute other than a tensor's ``data``: True."""
    for stmt in statements(body):
        for target in stmt[2] if stmt[0] == "assign" else ():
            if target[0] == "attr" and target[2] not in ("data", "requires_grad", "gradient_checkpointing"):
                yield True


def _made_locals(node: Any) -> Iterator[str]:
    """Local names that are given the result of a call of something that may be a class."""
    for stmt in statements(node):
        if stmt[0] == "assign" and _has_call(stmt[3]):
            for target in stmt[2]:
                if target[0] == "name":
                    yield target[1]


_PURE = frozenset(
    {"int", "float", "len", "max", "min", "str", "bool", "range", "getattr", "hasattr", "isinstance", "round"}
    | {"abs", "sum", "tuple", "dict", "set", "sorted", "list", "zip", "enumerate", "reversed", "any", "all"}
)


def _has_call(node: Any) -> bool:
    """Whether an expression calls something that may give a module."""
    if not isinstance(node, list):
        return False
    if len(node) == 4 and node[0] == "call":
        match node[1]:
            case ["name", name] if name in _PURE:
                return any(_has_call(arg) for arg in node[2])
            case ["attr", ["name", name], _] if name in PACKAGES:
                return any(_has_call(arg) for arg in node[2])
            case ["attr", tensor, _] if _is_tensor(tensor):
                return _has_call(tensor) or any(_has_call(arg) for arg in node[2])
        return True
    return any(_has_call(part) for part in node)


def _is_tensor(node: Any) -> bool:
    """Whether an expression calls a function of a package that hands out numbers, or goes on from there."""
    match node:
        case ["call", ["attr", ["name", name], _], _, _] if name in PACKAGES:
            return True
        case ["call", ["attr", inner, _], _, _]:
            return _is_tensor(inner)
    return False


def _without_targets(body: Any) -> list[Any]:
    """The expressions that statements read."""
    found: list[Any] = []
    for stmt in statements(body):
        if stmt[0] == "assign":
            found.append(stmt[3])
            found.extend(target for target in stmt[2] if target[0] != "name")
        else:
            found.extend(part for part in stmt[2:] if _is_expression(part))
    return found


def _read_in_loop(body: Any, made: set[str]) -> bool:
    """Whether a local made before a loop or comprehension is read in it."""
    for stmt in statements(body):
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


ROOTS[NN_MODULE] = Root("module", may_escape=may_escape)
