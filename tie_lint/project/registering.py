"""What the definitions of a module do to others: decorators of linted code, and ``__init_subclass__``.

Both may put what is defined into a registry, or change it. Names are looked up one by one here, in no order;
so before something is looked at that others may fill, the definitions are gone through that would have been
by then: those of its module, and of the modules that the asking one imports.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tie_lint.interpreter.base_values import External, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.decorators import decorated
from tie_lint.interpreter.inheritance import lookup
from tie_lint.interpreter.values import Bound, Env, Function, Instance
from tie_lint.python.facts import Binding
from tie_lint.python.nodes import Call, Expr
from tie_lint.python.statements import ExprStmt

if TYPE_CHECKING:
    from tie_lint.project.scope import Scope

MOST_MODULES = 200
"""The modules that are gone through for one registry."""


def may_be_registry(value: Value) -> bool:
    """Return whether a module- or class-level value may be one that definitions are put into."""
    if isinstance(value, Instance):
        cls = value.cls
        return cls.scope.path is not None and not cls.is_config
    return type(value) in (dict, list, set) and not value


def reached(scope: Scope) -> list[Scope]:
    """Return a module and the local modules that it imports, those that these import …"""
    found = [scope]
    for item in found:  # which grows meanwhile
        for name in sorted(item.facts.names()):
            for binding in item.facts.bindings(name):
                if binding.kind == "import" and len(found) < MOST_MODULES:
                    module, level, _ = binding.detail
                    other = item.project.imported_module(item, module, level)
                    if not isinstance(other, External) and other.path is not None and other not in found:
                        found.append(other)
    return found


def define_all(scope: Scope) -> None:
    """Do what the definitions of a module do to others, in the order of its source."""
    interp = scope.project.interpreter
    _change_imported(scope)
    for kind, key in scope.facts.definitions():
        if kind == "call":
            _call(scope, scope.facts.call(key))
        elif kind == "def":
            facts = scope.facts.function_facts(key)
            if facts is not None and any(_is_linted(scope, decorator) for decorator in facts.decorators):
                interp.loaded(partial(decorated, interp, Function(facts, scope)))
        elif key not in scope.changed_classes:
            cls = scope.class_(key)
            before = len(cls.own())
            _define_class(scope, cls)
            if len(cls.own()) > before or any(one.kind == "given" for one in cls.own().values()):
                scope.changed_classes.add(key)  # for good: once is enough


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
