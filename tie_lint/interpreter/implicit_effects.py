"""What code changes without a call: special methods and properties of the objects that it uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.decorators import binding_kind
from tie_lint.interpreter.plain_effects import changed_by
from tie_lint.interpreter.values import Bound, Env, Function, Instance, Module
from tie_lint.python.node import Node
from tie_lint.python.nodes import Attr, Expr, Name
from tie_lint.python.statements import AnnAssign, Assign, AugAssign, Delete
from tie_lint.python.walk import targets, walk

_CALLED = frozenset(
    {"__init__", "__new__", "__call__", "__init_subclass__", "__class_getitem__", "__post_init__"}
)
"""Special methods that run where a class or an object is called."""


def may_act(code: Iterable[Node], env: Env) -> bool:
    """Return whether code uses an object that changes something when it is used: by a name of it, or as an
    attribute of the model."""
    used = [*walk(code)]
    bases = {id(node.base) for node in used if isinstance(node, Attr)}
    for node in used:
        if id(node) not in bases and not _acting(_value(node, env)) <= _OF_ATTRIBUTES:
            return True
        if isinstance(node, Attr):
            owner = _value(node.base, env)
            if not _acting(owner).isdisjoint(_run_by(owner, node.name)):
                return True
    changed = (target.base for node in used for target in _changed(node) if isinstance(target, Attr))
    return any(not _acting(_value(base, env)).isdisjoint(_SETTING) for base in changed)


def _changed(node: Node) -> Iterator[Expr]:
    match node:
        case Assign(targets=given) | Delete(targets=given):
            for target in given:
                yield from targets(target)
        case AugAssign(target=target) | AnnAssign(target=target):
            yield target


def _run_by(owner: Value, name: str) -> set[str]:
    """What runs when an attribute is asked for."""
    is_there = isinstance(owner, Instance) and (name in owner.attrs or owner.cls.find(name) is not None)
    return {name, "__getattribute__"} if is_there else {name, "__getattribute__", "__getattr__"}


_SETTING = frozenset({"__setattr__", "__delattr__"})
_OF_ATTRIBUTES = _SETTING | {"__getattr__", "__getattribute__"}


def _value(node: Node, env: Env) -> Value:
    """What a name, or an attribute of what a name stands for, is known to be."""
    if isinstance(node, Name):
        return env.find_value(node.name)
    if isinstance(node, Attr) and isinstance(node.base, Name):
        owner = env.find_value(node.base.name)
        return owner.attrs.get(node.name) if isinstance(owner, (Module, Instance)) else None
    return None


def _acting(value: Value) -> set[str]:
    """The special methods and properties of an object that change something."""
    if not isinstance(value, Instance) or value.cls.is_config or value.cls.scope.path is None:
        return set()

    def find() -> set[str]:
        return {name for name, method in _implicit(value) if changed_by(method, []) != []}

    return _ACTING.of(value.cls, find)


_ACTING: Cache[set[str]] = Cache()


def _implicit(value: Instance) -> Iterator[tuple[str, Bound]]:
    """The special methods of an object that the user's code defines, and its properties."""
    for cls in value.cls.mro:
        if not isinstance(cls, Class) or cls.scope.path is None:
            continue
        for name in cls.facts.method_names():
            facts = cls.method(name)
            if facts is None or name in _CALLED:
                continue
            kinds = {binding_kind(decorator) for decorator in facts.decorators}
            if name.startswith("__") or not kinds.isdisjoint({"property", "setter", "cached_property"}):
                yield name.partition(".")[0], Bound(Function(facts, cls.scope, cls), value)
