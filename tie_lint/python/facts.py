"""The facts of a source file as plain data.

Everything here has a JSON form: the bundled library index holds the same thing that local files are lowered
to, and the interpreter never meets a syntax tree.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tie_lint.python.node import Node
from tie_lint.python.nodes import Expr, Keyword
from tie_lint.python.statements import FunctionFacts, ImportFacts, Span, Stmt
from tie_lint.record import Data, field


class ClassFacts(Data):
    """A class: header, class-level statements in order, and methods that may be lowered on demand."""

    name: str
    at: Span
    """The name in the header."""
    bases: list[Expr]
    keywords: list[Keyword]
    decorators: list[Expr]
    body: list[Stmt]
    """Class-level statements except methods and docstrings."""
    methods: dict[str, FunctionFacts]
    """What has been lowered so far. A setter's key is ``"name.setter"``."""
    extent: Span
    pending: Mapping[str, Callable[[], FunctionFacts | None]] = field(default_factory=dict)
    """Methods whose text has not been lowered yet."""
    skipped: frozenset[str] = frozenset()
    """Methods the source has but these facts leave out (a bundled index keeps what can bear on a tie)."""
    type_params: Sequence[str] = ()

    def has_method(self, name: str) -> bool:
        """Return whether the class's own body defines the method, lowered or not."""
        return name in self.methods or name in self.pending or name in self.skipped

    def method_names(self) -> list[str]:
        """Return names of all methods that the class's own body defines."""
        return [*dict.fromkeys([*self.methods, *self.pending, *self.skipped])]

    def method(self, name: str) -> FunctionFacts | None:
        """Return the facts of a method, lowered now if need be; None where there is none or it was
        left out.
        """
        known = self.methods.get(name)
        if known is None and name in self.pending:
            known = self.pending[name]()
            if known is not None:
                self.methods[name] = known
        return known

    def as_json(self) -> list[Any]:
        """Return the facts as nested lists; pending methods are lowered."""
        methods = {name: found for name in self.method_names() if (found := self.method(name))}
        return [
            self.name,
            self.at,
            [base.as_json() for base in self.bases],
            [keyword.as_json() for keyword in self.keywords],
            [decorator.as_json() for decorator in self.decorators],
            [stmt.as_json() for stmt in self.body],
            [*methods],
            [method.as_json() for method in methods.values()],
            self.extent,
            sorted(self.skipped),
            *([list(self.type_params)] if self.type_params else []),
        ]

    @classmethod
    def from_json(cls, data: list[Any]) -> ClassFacts:
        """Return the facts whose JSON form this is; methods are read when they are asked for."""
        name, at, bases, keywords, decorators, body, keys, methods, extent, skipped, *type_params = data
        return cls(
            name,
            at,
            [Expr.from_json(base) for base in bases],
            [Keyword.from_json(keyword) for keyword in keywords],
            [Expr.from_json(decorator) for decorator in decorators],
            [Stmt.from_json(stmt) for stmt in body],
            {},
            extent,
            {
                key: functools.partial(FunctionFacts.from_json, method)
                for key, method in zip(keys, methods, strict=True)
            },
            frozenset(skipped),
            *type_params,
        )


class Guard(Node):
    """A condition around a module-level statement."""


class IfGuard(Guard, word="if"):
    """A test that is to come out as wanted."""

    test: Expr
    wanted: bool


class TryGuard(Guard, word="try"):
    """The body of a ``try`` that imports these."""

    imports: list[ImportFacts]


class ExceptGuard(Guard, word="except"):
    """A handler of a ``try`` whose body imports these."""

    imports: list[ImportFacts]


class Binding(Data):
    """One way a module-level name comes into being, or is changed.

    ``kind`` is "import" (detail ``[module, level, attribute | None]``), "class" or "def" (detail: the key
    in the module's tables), "value" (detail: the lowered assignment) or "update" (detail: a lowered statement
    that changes the value in place: ``NAMES.update(…)``, ``NAMES[key] = …``, ``NAMES += …``, ``A.b = …``).
    ``guards`` are the conditions around it, outermost first.
    """

    kind: str
    detail: Any
    guards: list[Guard]

    def as_json(self) -> list[Any]:
        """Return the binding as a list."""
        detail = self.detail.as_json() if isinstance(self.detail, Stmt) else self.detail
        return [self.kind, detail, [guard.as_json() for guard in self.guards]]

    @classmethod
    def from_json(cls, data: list[Any]) -> Binding:
        """Return the binding whose JSON form this is."""
        kind, detail, guards = data
        statement = Stmt.from_json(detail) if kind in STATEMENTS else detail
        return cls(kind, statement, [Guard.from_json(guard) for guard in guards])


STATEMENTS = ("value", "update")
"""The kinds of bindings whose detail is a statement."""


class ModuleFacts:
    """What one source file defines. Subclasses fill the tables lazily."""

    def names(self) -> set[str]:
        """Return every name bound at module level."""
        raise NotImplementedError

    def bindings(self, name: str) -> list[Binding]:
        """Return the bindings of a name in source order."""
        raise NotImplementedError

    def order_sensitive(self) -> frozenset[str]:
        """Return the names of which bindings do not say what they mean, as other statements come between."""
        return frozenset()

    def stars(self) -> list[list[Any]]:
        """``from module import *`` as ``[module, level]``, in source order."""
        raise NotImplementedError

    def class_keys(self) -> list[str]:
        """Return keys of the module-level classes in source order."""
        raise NotImplementedError

    def class_facts(self, key: str) -> ClassFacts:
        """Return the facts of one class."""
        raise NotImplementedError

    def function_facts(self, key: str) -> FunctionFacts | None:
        """Return the facts of one function; None where they were left out."""
        raise NotImplementedError

    def decorated_classes(self) -> set[str]:
        """Return the keys of the classes with decorators."""
        return set()

    def definitions(self) -> list[tuple[str, str]]:
        """Return what may do something to others where it stands, in source order: "class" and the key of
        each class, "def" and those of functions with decorators, "call" and those of calls of functions.
        """
        return []

    def call(self, key: str) -> Binding:
        """Return a call of a function, with the conditions around it."""
        raise NotImplementedError


class StoredModule(ModuleFacts):
    """Module facts in their JSON form, read piece by piece when asked."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data
        self._classes: dict[str, ClassFacts] = {}
        self._functions: dict[str, FunctionFacts | None] = {}
        self._bindings: dict[str, list[Binding]] = {}

    def names(self) -> set[str]:
        return set(self._data["bindings"])

    def bindings(self, name: str) -> list[Binding]:
        if name not in self._bindings:
            found = self._data["bindings"].get(name, ())
            self._bindings[name] = [Binding.from_json(binding) for binding in found]
        return self._bindings[name]

    def stars(self) -> list[list[Any]]:
        return self._data["stars"]  # type: ignore[no-any-return]

    def class_keys(self) -> list[str]:
        return list(self._data["classes"])

    def class_facts(self, key: str) -> ClassFacts:
        if key not in self._classes:
            self._classes[key] = ClassFacts.from_json(self._data["classes"][key])
        return self._classes[key]

    def function_facts(self, key: str) -> FunctionFacts | None:
        if key not in self._functions:
            data = self._data["functions"].get(key)
            self._functions[key] = FunctionFacts.from_json(data) if data else None
        return self._functions[key]
