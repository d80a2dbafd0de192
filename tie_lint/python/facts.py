"""The facts of a source file as plain data, and the small language method bodies are lowered to.

Everything here survives ``json.dumps``: local files, the cache and the bundled library index hold the
same thing, and the interpreter never meets a syntax tree.

An *expression* is a list whose first element names its kind::

    ["const", value]                      None, bool, int, float, str
    ["name", id]                          ["attr", expr, name]
    ["call", func, args, keywords]        args: exprs or ["star", expr]; keywords: [name | None, expr]
    ["index", expr, index]                ["slice", lower | None, upper | None, step | None]
    ["list" | "tuple" | "set", items]     ["dict", [[key | None, value], …]]
    ["bin", op, left, right]              ["un", op, expr]
    ["cmp", left, [[op, right], …]]       ["bool", "and" | "or", items]
    ["if", test, then, otherwise]         ["fstr", parts]
    ["comp", kind, element, clauses]      clause: [target, iterable, conditions]; kind "dict" has [key, value]
    ["lambda", params, expr]              ["walrus", name, expr]
    ["opaque", what]                      something the language has no word for

A *statement* is a list whose first element names its kind and whose second is its span
(``[line, column, end_line, end_column]``, counted from 1, the end exclusive)::

    ["assign", at, targets, value]        ["aug", at, target, op, value]
    ["ann", at, target, annotation, value | None]
    ["expr", at, expr]                    ["return", at, expr | None]
    ["if", at, test, body, orelse]        ["for", at, target, iterable, body, orelse]
    ["while", at, test, body, orelse]     ["with", at, [[expr, target | None], …], body]
    ["try", at, body, handlers, orelse, final]     handler: [type | None, name | None, body]
    ["raise", at, expr | None]            ["del", at, targets]
    ["assert", at, test]                  ["break" | "continue", at]
    ["def", at, function]                 function: FunctionFacts.as_json()
    ["import", at, bindings]              binding: [name, module, level, attribute | None]
    ["opaque", at, what]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Expr: TypeAlias = list[Any]
Stmt: TypeAlias = list[Any]
Span: TypeAlias = list[int]
Guard: TypeAlias = list[Any]

NOWHERE: Span = []
"""The span of what has no place in a file that anyone looks at (the bundled index keeps no positions)."""


@dataclass(slots=True)
class FunctionFacts:
    """A function or method: its parameters, decorators and lowered body."""

    name: str
    at: Span
    """The name in the header."""
    params: list[list[Any]]
    """``[name, kind, default | None, annotation | None]``; kind is "pos", "*", "kw" or "**"."""
    decorators: list[Expr]
    body: list[Stmt]
    extent: Span
    """First decorator or ``def`` to the last statement."""

    def as_json(self) -> list[Any]:
        """The facts as nested lists."""
        return [self.name, self.at, self.params, self.decorators, self.body, self.extent]

    @classmethod
    def from_json(cls, data: list[Any]) -> FunctionFacts:
        """The inverse of :meth:`as_json`."""
        return cls(*data)


@dataclass(slots=True)
class ClassFacts:
    """A class: header, class-level statements in order, and methods that may be lowered on demand."""

    name: str
    at: Span
    """The name in the header."""
    bases: list[Expr]
    keywords: list[list[Any]]
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
    slots: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def has_method(self, name: str) -> bool:
        """Whether the class's own body defines the method, lowered or not."""
        return name in self.methods or name in self.pending or name in self.skipped

    def method_names(self) -> list[str]:
        """Names of all methods that the class's own body defines."""
        return [*dict.fromkeys([*self.methods, *self.pending, *self.skipped])]

    def method(self, name: str) -> FunctionFacts | None:
        """The facts of a method, lowered now if need be; None where there is none or it was left out."""
        known = self.methods.get(name)
        if known is None and name in self.pending:
            known = self.pending[name]()
            if known is not None:
                self.methods[name] = known
        return known

    def as_json(self) -> list[Any]:
        """The facts as nested lists; pending methods are lowered."""
        methods = [found.as_json() for name in self.method_names() if (found := self.method(name))]
        keys = [name for name in self.method_names() if self.method(name)]
        skipped = sorted(self.skipped)
        return [
            self.name,
            self.at,
            self.bases,
            self.keywords,
            self.decorators,
            self.body,
            keys,
            methods,
            self.extent,
            skipped,
        ]

    @classmethod
    def from_json(cls, data: list[Any]) -> ClassFacts:
        """The inverse of :meth:`as_json`."""
        name, at, bases, keywords, decorators, body, keys, methods, extent, skipped = data
        functions = {key: FunctionFacts(*method) for key, method in zip(keys, methods, strict=True)}
        return cls(name, at, bases, keywords, decorators, body, functions, extent, skipped=frozenset(skipped))


@dataclass(slots=True)
class Binding:
    """One way a module-level name comes into being.

    ``kind`` is "import" (detail ``[module, level, attribute | None]``), "class" or "def" (detail: the key
    in the module's tables), "value" (detail: the lowered assignment) or "update" (detail: a lowered statement
    that changes the value in place: ``NAMES.update(…)``, ``NAMES[key] = …``, ``NAMES += …``, ``A.b = …``).
    ``guards`` are the conditions around it, outermost first: ``["if", test, wanted]``,
    ``["try", imports]`` (the body of a ``try``) and ``["except", imports]`` (its handlers), where
    ``imports`` lists what the body imports.
    """

    kind: str
    detail: Any
    guards: list[Guard]

    def as_json(self) -> list[Any]:
        """The binding as a list."""
        return [self.kind, self.detail, self.guards]


class ModuleFacts:
    """What one source file defines. Subclasses fill the tables lazily."""

    def names(self) -> set[str]:
        """Every name bound at module level."""
        raise NotImplementedError

    def bindings(self, name: str) -> list[Binding]:
        """The bindings of a name in source order."""
        raise NotImplementedError

    def stars(self) -> list[list[Any]]:
        """``from module import *`` as ``[module, level]``, in source order."""
        raise NotImplementedError

    def class_keys(self) -> list[str]:
        """Keys of the module-level classes in source order."""
        raise NotImplementedError

    def class_facts(self, key: str) -> ClassFacts:
        """The facts of one class."""
        raise NotImplementedError

    def function_facts(self, key: str) -> FunctionFacts | None:
        """The facts of one function; None where they were left out."""
        raise NotImplementedError


class StoredModule(ModuleFacts):
    """Module facts read back from their JSON form."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data
        self._classes: dict[str, ClassFacts] = {}

    def names(self) -> set[str]:
        return set(self._data["bindings"])

    def bindings(self, name: str) -> list[Binding]:
        return [Binding(*binding) for binding in self._data["bindings"].get(name, ())]

    def stars(self) -> list[list[Any]]:
        return self._data["stars"]  # type: ignore[no-any-return]

    def class_keys(self) -> list[str]:
        return list(self._data["classes"])

    def class_facts(self, key: str) -> ClassFacts:
        if key not in self._classes:
            self._classes[key] = ClassFacts.from_json(self._data["classes"][key])
        return self._classes[key]

    def function_facts(self, key: str) -> FunctionFacts | None:
        data = self._data["functions"].get(key)
        return FunctionFacts(*data) if data else None
