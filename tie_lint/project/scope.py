"""One module of a project: what its names mean, found when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tie_lint.interpreter.attributes import READERS
from tie_lint.interpreter.base_values import UNBOUND, External, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.decorators import decorated
from tie_lint.interpreter.definitions import base_class
from tie_lint.interpreter.origins import one_of
from tie_lint.interpreter.reads import note_outside
from tie_lint.interpreter.register import replacement
from tie_lint.interpreter.snapshot import LASTING, UncopyableError, copy_of, unchanged
from tie_lint.interpreter.spot import Standing
from tie_lint.interpreter.values import Env, Function, may_give_module
from tie_lint.intrinsics.transformers.availability import INSTALLED
from tie_lint.project.foundations import chain_below
from tie_lint.project.interpreter import ProjectInterpreter
from tie_lint.project.registering import Filling, Registries
from tie_lint.python.facts import Binding, ExceptGuard, Guard, IfGuard, ModuleFacts, TryGuard
from tie_lint.python.nodes import Expr
from tie_lint.python.walk import last_name

if TYPE_CHECKING:
    from tie_lint.library.index import Library

UNREAD = INSTALLED - {"transformers"}
"""Packages whose files are not looked into where they lie beside a model file (in ``site-packages``): what
the run knows of them it knows by their names."""


class Modules(Protocol):
    """What a module asks of the project that it belongs to."""

    library: Library
    interpreter: ProjectInterpreter
    closed: bool
    """Whether the library's facts are complete: a name they lack does not exist."""
    registries: Registries
    asking: Scope | None
    """For whose sake modules are looked into at the moment."""
    changeable: list[tuple[Scope, str, Value | None]]
    """The module-level values of local files that a run may have changed since it began, with copies
    from before; None for what cannot be copied."""

    def asked_by(self, scope: Scope) -> AbstractContextManager[None]:
        """Say for which module's sake others are looked into meanwhile."""

    def imported(self, scope: Scope, module: str, level: int, attribute: str | None) -> Value:
        """Return what an import statement in a module binds."""

    def imported_module(self, scope: Scope, module: str, level: int) -> Scope | External:
        """Return the module that an import statement in a module names."""

    def can_import(self, scope: Scope, module: str) -> bool:
        """Return whether an absolute import finds something."""

    def exported(self, module: Scope, name: str) -> Value:
        """Return a name that a lazy package ``__init__`` hands out; ``UNBOUND`` where there is none."""

    def attribute(self, module: Scope | External, name: str) -> Value:
        """Return an attribute of a module."""


class Scope:
    """One module: its facts and the values of its module-level names, found when asked for."""

    def __init__(
        self, project: Modules, dotted: str, facts: ModuleFacts, path: Path | None, package: bool
    ) -> None:
        self.project, self.dotted, self.facts = project, dotted, facts
        self.path, self.package = path, package
        self.root = self.folder = ""
        """For a local file: where absolute imports start from, and where the file is."""
        self._classes: dict[str, Class] = {}
        self._values: dict[str, Value] = {}
        self._kept: dict[str, tuple[Value, Value]] = {}
        """Values that an earlier run may have changed, each with its copy from before."""
        self._pending: dict[str, int] = {}
        self._searching: set[str] = set()
        self._below = False
        """Whether a long chain of names is being looked up."""
        self._making: set[str] = set()
        self.filling = Filling(self)
        self.filled = self.filling.fill
        self.used: set[Scope] = set()
        """The modules that were looked into for the sake of this one."""
        self.unlike: set[str] = set()
        """The releases for which something was otherwise that was asked for the sake of this one."""
        self.sought: set[str] = set()
        """The files that were looked for for the sake of this one, there or not."""

    def lookup(self, name: str) -> Value:
        """Return what a module-level name means; ``UNBOUND`` when the module does not bind it."""
        value = self._values[name] if name in self._values else self._look_up(name)
        reads = self.project.interpreter.reads
        if reads is not None and self.path is not None and type(value) not in _LASTING:
            note_outside(reads, self, name, value)
        return value

    def _look_up(self, name: str) -> Value:
        if name in self._kept and (kept := self._unchanged(name)) is not None:
            return kept
        bindings = self.facts.bindings(name)
        if not bindings and not self.facts.stars():
            return UNBOUND  # a built-in, mostly
        if name in self.facts.order_sensitive():
            return Unknown(f"what statements between those that bind {name} make of it", module=True)
        if name in self._pending:  # `X = wrap(X)`: inside, the name means what it meant before
            return self._bound(bindings[: self._pending[name]], name)
        if name in self._searching:  # modules that import it from each other
            return UNBOUND
        self._look_up_below(name)
        self._searching.add(name)
        try:
            with self.project.asked_by(self):
                value = self._bound(bindings, name)
                if value is UNBOUND:
                    value = self._from_star(name)
        finally:
            self._searching.discard(name)
        if isinstance(value, Unknown) and value.module and _holds_no_modules(self):
            value = Unknown(value.why)
        if value is not UNBOUND:
            self._values[name] = value
            if self.path is not None and type(value) not in _LASTING:
                lasting = not self.filling.is_filled(name, value)
                self.project.changeable.append((self, name, _copy(value) if lasting else None))
            self.filling.catch_up()
        return value

    def assign(self, name: str, value: Value) -> None:
        """Give a module-level name a value: for the rest of the run, or for good while a module is loaded."""
        self._values[name] = value
        self._kept.pop(name, None)
        if not self.project.interpreter.loading:
            self.project.interpreter.rebound = True
            self.project.changeable.append((self, name, None))

    def _look_up_below(self, name: str) -> None:
        """Look up the long chain that a name may stand on, from its far end."""
        if not self._below:
            self._below = True
            try:
                for below in chain_below(self.facts, name, self._is_known):
                    self.lookup(below)
            finally:
                self._below = False

    def _is_known(self, name: str) -> bool:
        return name in self._values or name in self._searching

    def _unchanged(self, name: str) -> Value | None:
        """A value of an earlier run, unless that changed it."""
        value, copy = self._kept.pop(name)
        if not unchanged(value, copy):
            return None
        self._values[name] = value
        self.project.changeable.append((self, name, copy))
        return value

    def _bound(self, bindings: list[Binding], name: str) -> Value:
        for index in range(len(bindings) - 1, -1, -1):
            binding = bindings[index]
            if binding.kind == "update" or self.holds(binding.guards) is False:
                continue
            if any(earlier.kind != "update" for earlier in bindings[:index]) and (
                self.holds(binding.guards) is None
            ):
                return self._one_of(bindings[: index + 1], name)
            value = self._value(binding, name, index)
            self.filling.made(name, value)
            updates = [later for later in bindings[index + 1 :] if later.kind == "update"]
            return _updated(self, value, updates, name) if binding.kind != "class" else value
        return UNBOUND

    def _one_of(self, bindings: list[Binding], name: str) -> Value:
        """What a name means whose last binding may not have come to pass."""
        values: list[Value] = []
        for index in range(len(bindings) - 1, -1, -1):
            holds = None if bindings[index].kind == "update" else self.holds(bindings[index].guards)
            if bindings[index].kind != "update" and holds is not False:
                values.append(self._value(bindings[index], name, index))
            if holds:
                break
        if all(type(value) is type(values[0]) and value == values[0] for value in values):
            return values[0]
        return one_of(self.project.interpreter, values, f"which {name} is meant")

    def _value(self, binding: Binding, name: str, index: int) -> Value:
        if binding.kind == "import":
            module, level, attribute = binding.detail
            return self.project.imported(self, module, level, attribute)
        if binding.kind == "class":
            if binding.detail in self._making:
                return UNBOUND  # a class among its own bases
            return self.class_(binding.detail)
        if binding.kind == "def":
            native = replacement(f"{self.dotted}.{name}") if self.dotted.startswith("transformers.") else None
            if native is not None:
                return native
            facts = self.facts.function_facts(binding.detail)
            if facts is None:
                return Unknown(f"{self.dotted}.{name} was left out")
            interp, function = self.project.interpreter, Function(facts, self)
            return interp.guarded(lambda: decorated(interp, function)) if facts.decorators else function
        before = self._pending.get(name)
        self._pending[name] = index
        try:
            return self.project.interpreter.module_value(binding.detail, name, self)
        finally:
            if before is None:
                del self._pending[name]
            else:
                self._pending[name] = before

    def holds(self, guards: list[Guard]) -> bool | None:
        """Return whether the conditions around a binding hold; None where one is unknown."""
        answer: bool | None = True
        for guard in guards:
            holds: bool | None = None
            match guard:
                case IfGuard(test, wanted):
                    truth = self.truth(test)
                    holds = None if truth is None else truth == wanted
                case TryGuard(imports) | ExceptGuard(imports):
                    fail = [self.import_fails(*found) for found in imports]
                    if None not in fail or True in fail:
                        holds = any(fail) == isinstance(guard, ExceptGuard)
            if holds is False:
                return False
            answer = answer if holds else None
        return answer

    def import_fails(self, module: str, level: int, attribute: str | None) -> bool | None:
        """Return whether an import that the code itself provides for the failure of fails; None where that
        hangs on what is installed.
        """
        if level or module.partition(".")[0] in INSTALLED:
            return is_lacking(self, module, level, attribute)
        return False if self.project.can_import(self, module) else None

    def truth(self, test: Expr) -> bool | None:
        """Return the truth of a module-level condition; None where it cannot be known."""
        if last_name(test) == "TYPE_CHECKING":
            return (
                True  # what is imported for the type checker is the same thing that is imported at run time
            )
        with self.project.asked_by(self):
            return self.project.interpreter.condition(test, self)

    @property
    def is_busy(self) -> bool:
        """Whether one of its names is being looked up."""
        return bool(self._searching or self._making)

    def classes(self) -> Iterator[Class]:
        """Yield the module's classes in source order, those in its branches included."""
        return map(self.class_, self.facts.class_keys())

    def class_(self, key: str) -> Class:
        """Return the class of a key of the module's table."""
        if key not in self._classes:
            facts = self.facts.class_facts(key)
            self._look_up_below(facts.name)
            env = Env({}, self)
            self._making.add(key)
            try:
                with self.project.asked_by(self), Standing(facts.at, env, lasting=True):
                    bases = [base_class(self.project.interpreter, base, env) for base in facts.bases]
            finally:
                self._making.discard(key)
            if key not in self._classes:
                self._classes[key] = Class(self, facts, bases)
                self._patch(key, facts.name)
                if key in self.facts.decorated_classes():
                    self.filling.go_through()
            self.filling.catch_up()
        return self._classes[key]

    def _patch(self, key: str, name: str) -> None:
        """Run the module's statements that change a class after its definition: ``Model.name = …``."""
        bindings = self.facts.bindings(name)
        places = [i for i, one in enumerate(bindings) if one.kind == "class" and one.detail == key]
        for later in bindings[places[0] + 1 :] if places else ():
            if later.kind == "update" and self.holds(later.guards) is not False:
                self.project.interpreter.update(later.detail, Env({name: self._classes[key]}, self))

    def forget(self, name: str, copy: Value | None) -> None:
        """Look the name up afresh when it is next asked for, unless its value still is what its copy is."""
        value = self._values.pop(name, None)
        if value is not None and copy is not None:
            self._kept[name] = value, copy

    def _from_star(self, name: str) -> Value:
        if name.startswith("__"):
            return UNBOUND
        listed = self.project.exported(self, name) if self.facts.stars() else UNBOUND
        if listed is not UNBOUND:
            return listed
        for module, level in reversed(self.facts.stars()):
            scope = self.project.imported_module(self, module, level)
            if isinstance(scope, Scope) and scope is not self:
                value = scope.lookup(name)
                if value is not UNBOUND:
                    return value
        return UNBOUND


def _holds_no_modules(scope: Scope) -> bool:
    """Whether it is a module of the library about what goes into a model: tokenizers and the like."""
    last = scope.dotted.rpartition(".")[2]
    return scope.path is None and scope.dotted.startswith("transformers.") and last.startswith(_OF_INPUTS)


_OF_INPUTS = ("tokenization_", "processing_", "image_processing_", "feature_extraction_")
"""How the library's modules are called that make inputs, and hold no modules of torch."""

_LASTING = LASTING - {Unknown} | {Scope}
"""The types of module-level values that are found once; what is unknown may be known to a later run."""


READERS[Scope] = lambda interp, scope, name: scope.project.attribute(scope, name)


def _copy(value: Value) -> Value | None:
    if isinstance(value, Unknown):
        return None
    try:
        return copy_of(value, {})
    except UncopyableError:
        return None


def _updated(scope: Scope, value: Value, updates: list[Binding], name: str) -> Value:
    """What a name means after the statements that change its value."""
    env = Env({name: value}, scope)
    for update in updates:
        holds = scope.holds(update.guards)
        doubts = scope.project.interpreter.update(update.detail, env) if holds else []
        if (holds is None or doubts) and type(value) in _CHANGEABLE:
            return Unknown(f"whether {name} is changed", module=may_give_module(value))
    return env.names[name]


_CHANGEABLE = frozenset({bool, int, float, str, tuple, list, dict, set})


def is_lacking(scope: Scope, module: str, level: int, attribute: str | None) -> bool:
    """Return whether an import in a module names what the facts of the library do not have."""
    value = scope.project.imported(scope, module, level, attribute)
    if not isinstance(value, External) or not value.name.startswith("transformers."):
        return False
    # What is not read may also be what a run has put in the place of what is there.
    from tie_lint.library.exports import absolute
    from tie_lint.library.lacking import lacks

    asked = absolute(scope.dotted, scope.package, module, level)
    return scope.project.closed and lacks(scope.project.library, asked, attribute)
