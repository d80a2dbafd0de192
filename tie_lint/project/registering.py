"""What the definitions of a module do to others: decorators of linted code, and ``__init_subclass__``.

Both may put what is defined into a registry, or change it. Names are looked up one by one here, in no order;
so before something is looked at that others may fill, the definitions are gone through that would have been
by then: those of its module, and of the modules that the asking one imports.
"""

from __future__ import annotations

import functools
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.decorators import decorated
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.namespace import Namespace
from tie_lint.interpreter.values import Bound, Env, Function, Instance
from tie_lint.project.imports import modules_imported_by
from tie_lint.python.facts import Binding, Guard, ModuleFacts
from tie_lint.python.nodes import Call, Expr
from tie_lint.python.statements import ExprStmt


class Registries:
    """What definitions of the files were put into in the present run."""

    def __init__(self) -> None:
        self.run = 0
        """The number of the run."""
        self.values: dict[int, Value] = {}
        """What they were put into, by identity."""
        self.filling: set[int] = set()
        """The identities of those that definitions are just being put into."""

    def begin(self) -> None:
        """Begin another run."""
        self.run += 1
        self.values.clear()


class Scope(Namespace, Protocol):
    """One module, as far as its definitions are gone through."""

    project: Any
    facts: ModuleFacts
    path: Path | None
    dotted: str

    @property
    def is_busy(self) -> bool:
        """Whether one of its names is being looked up."""

    def lookup(self, name: str) -> Value:
        """Return what a module-level name means."""

    def class_(self, key: str) -> Class:
        """Return the class of a key of the module's table."""

    def holds(self, guards: list[Guard]) -> bool | None:
        """Return whether the conditions around a binding hold; None where one is unknown."""


def may_be_registry(value: Value) -> bool:
    """Return whether a module- or class-level value may be one that definitions are put into."""
    if isinstance(value, Instance):
        cls = value.cls
        return cls.scope.path is not None and not cls.is_config
    return type(value) in (dict, list, set) and not value


class Filling:
    """What the definitions of a module do to others, and what others do to what is there to be filled."""

    def __init__(self, scope: Any) -> None:
        self._scope: Scope = scope
        self._names: set[str] = set()
        """The names of what was there to be filled when it was made."""
        self._waits = False
        self._done_in = -1
        """The run in which the definitions of the module were gone through last."""
        self._changed: set[str] = set()
        """The keys of the classes that definitions have changed: for good, so that once is enough."""

    @functools.cached_property
    def _imported(self) -> list[Any]:
        return modules_imported_by(self._scope)

    @property
    def _is_users(self) -> bool:
        """Whether it is a module of the user's, and not of a tree of the library that is linted."""
        return self._scope.path is not None and not self._scope.dotted.startswith("transformers.")

    def made(self, name: str, value: Value) -> None:
        """Note that a name was given a value, which statements of the module may change from now on."""
        if self._is_users and may_be_registry(value):
            self._names.add(name)

    def is_filled(self, name: str, value: Value) -> bool:
        """Have a value filled that was there to be filled; return whether it is such a value."""
        if name in self._names:
            self.fill(value)
        return id(value) in self._scope.project.registries.values

    def fill(self, value: Value) -> None:
        """Have definitions put themselves into a value.

        Definitions name it, each in its module: what is being filled is not filled anew for them.
        """
        project = self._scope.project
        if not self._is_users or id(value) in project.registries.filling:
            return
        project.registries.values[id(value)] = value
        before = _size(value)
        asking = self if project.asking is None else project.asking.filling
        project.registries.filling.add(id(value))
        try:
            for scope in (*asking._imported, self._scope):
                scope.filling.go_through()
        finally:
            project.registries.filling.discard(id(value))
        if type(value) is dict or _size(value) != before:
            project.interpreter.registries = True

    def catch_up(self) -> None:
        """Go through the definitions if that had to wait."""
        if self._waits:
            self.go_through()

    def go_through(self) -> None:
        """Do what the definitions of the module do to others, in the order of its source, once in a run.

        Not while one of its names is being looked up: what stands on that name could not be made.
        """
        run = self._scope.project.registries.run
        if self._done_in == run or not self._is_users:
            return
        self._waits = self._scope.is_busy
        if self._waits:
            return
        self._done_in = run
        _change_imported(self._scope)
        for kind, key in self._scope.facts.definitions():
            if kind == "call":
                _call(self._scope, self._scope.facts.call(key))
            elif kind == "def":
                _define_function(self._scope, key)
            elif key not in self._changed:
                cls = self._scope.class_(key)
                _define_class(self._scope, cls)
                if any(one.kind == "given" for one in cls.own().values()):
                    self._changed.add(key)


def _size(value: Value) -> int:
    """Return how much an object holds, at any depth; what is held in many places counts once."""
    size, seen, todo = 0, {id(value)}, [value]
    while todo:
        one = todo.pop()
        held = one.attrs if isinstance(one, Instance) else one
        items = (
            held.values() if isinstance(held, dict) else held if isinstance(held, (list, set, tuple)) else ()
        )
        size += len(items)
        todo += [item for item in items if id(item) not in seen]
        seen.update(map(id, items))
    return size


def _define_function(scope: Scope, key: str) -> None:
    interp, facts = scope.project.interpreter, scope.facts.function_facts(key)
    if facts is not None and any(_is_linted(scope, decorator) for decorator in facts.decorators):
        interp.loaded(partial(decorated, interp, Function(facts, scope)))


def _change_imported(scope: Scope) -> None:
    """Do what a module does to what it imports: ``REGISTRY["name"] = …``."""
    for name in sorted(scope.facts.names()):
        kinds = [binding.kind for binding in scope.facts.bindings(name)]
        if kinds[0] == "import" and "update" in kinds:
            scope.lookup(name)


def _call(scope: Scope, call: Binding) -> None:
    stmt = call.detail
    if isinstance(stmt, ExprStmt) and _is_linted(scope, stmt.value) and scope.holds(call.guards):
        scope.project.interpreter.update(stmt, Env({}, scope))


def _define_class(scope: Scope, cls: Class) -> None:
    interp, env = scope.project.interpreter, Env({}, scope)
    hook = _init_subclass(cls)
    if hook is not None:
        words = [one for one in cls.facts.keywords if one.name not in (None, "metaclass")]
        interp.loaded(
            lambda: interp.call(hook, [cls], {str(one.name): interp.ev(one.value, env) for one in words})
        )
    for decorator in reversed(cls.facts.decorators):
        if _is_linted(scope, decorator):
            interp.loaded(partial(_decorate, interp, decorator, cls, env))


def _init_subclass(cls: Class) -> Function | None:
    """The hook of the bases that linted code defines."""
    found = lookup(cls, "__init_subclass__", cls)
    owner = None if found is None else found[0]
    facts = owner.method("__init_subclass__") if isinstance(owner, Class) and owner.scope.path else None
    return None if facts is None or not isinstance(owner, Class) else Function(facts, owner.scope, owner)


def _decorate(interp: Interpreter, decorator: Expr, cls: Class, env: Env) -> Value:
    return interp.call(interp.ev(decorator, env), [cls], {})


def _is_linted(scope: Scope, decorator: Expr) -> bool:
    """Whether a decorator is code of the user's."""
    interp = scope.project.interpreter
    expr = decorator.function if isinstance(decorator, Call) else decorator
    maker, _ = interp.loaded(lambda: interp.ev(expr, Env({}, scope)))
    if isinstance(maker, Bound):
        maker = maker.function
    owner = maker.cls if isinstance(maker, Instance) else maker
    return isinstance(owner, (Function, Class)) and owner.scope.path is not None
