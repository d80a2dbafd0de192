"""What a call changes that is no part of a model: flags and tables, which may decide about parts later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tie_lint.interpreter.base_values import UNBOUND, Native, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.values import Bound, Function, Instance, Lambda, Module, PlainNamespace
from tie_lint.python.effects import changed_attributes
from tie_lint.python.nodes import Attr, Call, Const, Expr, Name
from tie_lint.python.walk import calls
from tie_lint.record import NamedTuple

MOST_CALLS = 20
"""So many functions that call one another are looked at; beyond, they are taken to change anything."""

Changed = tuple[Value, str]
"""An object and the name of its attribute."""


class _Called(NamedTuple):
    """A function that is called, and what its parameters are as far as that is known."""

    function: Function | Lambda
    given: dict[str, Value]

    def value(self, name: str) -> Value:
        """Return what a name means in it; unknown for what it binds itself."""
        if name in self.given:
            return self.given[name]
        around = self.function.env if isinstance(self.function, Lambda) else self.function.closure
        found = None if around is None else around.find_value(name)
        if found is None and isinstance(self.function, Function):
            found = self.function.scope.lookup(name)
        elif found is None and around is not None:
            found = around.scope.lookup(name)
        return Unknown(name) if found is UNBOUND else found


def changed_by(called: Value, args: list[Value]) -> list[Changed] | None:
    """Return what a call may change, itself or in what it calls in turn, of plain objects and modules' names;
    None where it may change anything else that it did not make."""
    todo = [*_called(called, args)]
    seen, found = set[tuple[int, ...]](), list[Changed]()
    while todo:
        item = todo.pop()
        key = (id(item.function), *map(id, item.given.values()))
        if key in seen:
            continue
        seen.add(key)
        changed = None if len(seen) > MOST_CALLS else _changed(item)
        if changed is None:
            return None
        found += changed
        body: list[Any] = (
            [item.function.body] if isinstance(item.function, Lambda) else item.function.facts.body
        )
        todo += (inner for call in calls(body) for inner in _of_call(item, call))
    return found


def _changed(item: _Called) -> list[Changed] | None:
    """What a function changes itself."""
    if isinstance(item.function, Lambda):
        return []
    places = changed_attributes(item.function.facts)
    if places is None:
        return None
    scope = item.function.scope
    owners = [(item.value(root) if root else scope, name) for root, name in sorted(places)]
    known = (*_PLAIN, Unknown, type(scope))
    if not all(owner is not ANY and isinstance(owner, known) for owner, _ in owners):
        return None
    return [(owner, name) for owner, name in owners if not isinstance(owner, Unknown)]


_PLAIN = (Instance, PlainNamespace)
ANY = Unknown("an argument")
"""What nobody looked at."""


def _called(value: Value, args: list[Value]) -> Iterator[_Called]:
    """What runs when a value is called: a function, a method, or an object that can be."""
    if isinstance(value, Instance):
        value = _method(value, "__call__")
    if isinstance(value, Class) and not (value.is_module or value.is_config):
        yield from _made(value, args)
        return
    if isinstance(value, Native) and value.name == "partial":
        value, args = value.holds[0], [*value.holds[1:], *args]
    if isinstance(value, Bound):
        value, args = value.function, [value.this, *args]
    if isinstance(value, (Function, Lambda)):
        params = value.params if isinstance(value, Lambda) else value.facts.params
        given: dict[str, Value] = {param.name: ANY for param in params}
        names = [param.name for param in params if param.kind == "pos"]
        given.update(zip(names, args, strict=False))
        yield _Called(value, given)


def _made(cls: Class, args: list[Value]) -> Iterator[_Called]:
    """What runs when an object of a class is made, which changes that object and may change more."""
    for name, this in (("__new__", cls), ("__init__", Unknown("a new object"))):
        function = _function(cls, name)
        if function is not None and function.scope.path is not None:
            yield from _called(function, [this, *args])


def _of_call(item: _Called, call: Call) -> Iterator[_Called]:
    """What a call in a function runs, where its name says that."""
    args = [_value(item, arg) for arg in call.args]
    match call.function:
        case Name(name):
            yield from _called(item.value(name), args)
        case Attr(base, name) if isinstance(owner := _value(item, base), (Instance, Module)):
            yield from _called(_method(owner, name), args)


def _value(item: _Called, expr: Expr) -> Value:
    """What an argument is, where that takes no more than names and attributes to know."""
    if isinstance(expr, Attr):
        owner = _value(item, expr.base)
        return owner.attrs.get(expr.name, ANY) if isinstance(owner, Instance) else ANY
    if isinstance(expr, Const):
        return expr.value
    return item.value(expr.name) if isinstance(expr, Name) else ANY


def _method(owner: Instance | Module, name: str) -> Value:
    """A method that is read in a project; None where an object has none of that name."""
    function = _function(owner.cls, name) if isinstance(owner.cls, Class) else None
    return None if function is None else Bound(function, owner)


def _function(cls: Class, name: str) -> Function | None:
    """The function that a class has under a name, its own or from a base; None where it has none."""
    found = lookup(cls, name)
    facts = None if found is None else found[0].method(name)
    if found is None or facts is None:
        return None
    return Function(facts, found[0].scope, found[0], found[0].closure)
