"""One file's text as module facts: outlined at once, lowered piece by piece when asked."""

from __future__ import annotations

import functools

from tie_lint.python.facts import (
    STATEMENTS,
    Binding,
    ClassFacts,
    ExceptGuard,
    Guard,
    IfGuard,
    ModuleFacts,
    TryGuard,
)
from tie_lint.python.nodes import Expr, Opaque
from tie_lint.python.outline import Outline, OutlineBinding, OutlineClass, OutlineGuard, outline, text_at
from tie_lint.python.statements import FunctionFacts, Span, Stmt


@functools.lru_cache(maxsize=256)
def source_module(text: str) -> SourceModule:
    """Return the facts of a file with that text: every target asks for them, every fix on trial does, and a
    process that has forgotten what it made of them."""
    return SourceModule(text)


class SourceModule(ModuleFacts):
    """The facts of a file, read from its text. Raises ``UnreadableSourceError`` when it is not Python."""

    def __init__(self, text: str) -> None:
        self.outline: Outline = outline(text)
        self._names = set(self.outline.bindings)
        self._classes: dict[str, ClassFacts] = {}
        self._functions: dict[str, FunctionFacts | None] = {}
        self._bindings: dict[str, list[Binding]] = {}

    def names(self) -> set[str]:
        return self._names

    def bindings(self, name: str) -> list[Binding]:
        if name not in self._bindings:
            self._bindings[name] = [self._binding(item) for item in self.outline.bindings.get(name, ())]
        return self._bindings[name]

    def order_sensitive(self) -> frozenset[str]:
        return self.outline.order_sensitive

    def stars(self) -> list[list[object]]:
        return self.outline.stars

    def class_keys(self) -> list[str]:
        return list(self.outline.classes)

    def class_facts(self, key: str) -> ClassFacts:
        if key not in self._classes:
            self._classes[key] = self._lower_class(self.outline.classes[key])
        return self._classes[key]

    def function_facts(self, key: str) -> FunctionFacts | None:
        if key not in self._functions:
            self._functions[key] = self._lower_function(self.outline.functions[key].extent)
        return self._functions[key]

    def definitions(self) -> list[tuple[str, str]]:
        classes = [(one.at, "class", key) for key, one in self.outline.classes.items()]
        functions = [
            (one.at, "def", key)
            for key, one in self.outline.functions.items()
            if one.extent[0] < one.at[0]  # the lines of its decorators
        ]
        calls = [(one.detail, "call", str(index)) for index, one in enumerate(self.outline.calls)]
        return [(kind, key) for _, kind, key in sorted([*classes, *functions, *calls])]

    def call(self, key: str) -> Binding:
        return self._binding(self.outline.calls[int(key)])

    def decorated_classes(self) -> set[str]:
        return {key for key, one in self.outline.classes.items() if one.extent[0] < one.at[0]}

    def _binding(self, item: OutlineBinding) -> Binding:
        detail = self._lower_value(item.detail) if item.kind in STATEMENTS else item.detail
        return Binding(item.kind, detail, [self._guard(guard) for guard in item.guards])

    def _guard(self, guard: OutlineGuard) -> Guard:
        if guard.kind == "if":
            return IfGuard(self._lower_test(guard.test), guard.wanted)
        return (TryGuard if guard.kind == "try" else ExceptGuard)(guard.imports)

    def _lower_test(self, span: Span | None) -> Expr:
        from tie_lint.python.visitor import lower_expression

        return Opaque("a pattern") if span is None else lower_expression(text_at(span, self.outline.lines))

    def _lower_value(self, span: Span) -> Stmt:
        from tie_lint.python.visitor import lower_statements

        (stmt,) = lower_statements(text_at(span, self.outline.lines), 1)
        stmt.at = span
        return stmt

    def _lower_function(self, extent: Span) -> FunctionFacts:
        from tie_lint.python.visitor import lower_function

        return lower_function("\n".join(self.outline.lines[extent[0] - 1 : extent[2]]), extent[0])

    def _lower_class(self, found: OutlineClass) -> ClassFacts:
        facts = self._lower_header(found) if found.bases is None else _bare_class(found, found.bases)
        facts.extent = found.extent
        facts.pending = {
            method.key: functools.partial(self._lower_function, method.extent) for method in found.methods
        }
        return facts

    def _lower_header(self, found: OutlineClass) -> ClassFacts:
        """Return a class without its methods."""
        from tie_lint.python.visitor import lower_class

        numbers = self._lines_without_methods(found)
        lines = [self.outline.lines[number - 1] for number in numbers]
        if not found.statements:
            lines.append(lines[0][: len(lines[0]) - len(lines[0].lstrip())] + " pass")
            numbers.append(found.extent[2])
        return lower_class("\n".join(lines), found.extent[0], numbers)

    @staticmethod
    def _lines_without_methods(found: OutlineClass) -> list[int]:
        left_out = {
            number for method in found.methods for number in range(method.extent[0], method.extent[2] + 1)
        }
        return [number for number in range(found.extent[0], found.extent[2] + 1) if number not in left_out]


def _bare_class(found: OutlineClass, bases: list[Expr]) -> ClassFacts:
    """A class that has methods only."""
    return ClassFacts(found.name, found.at, bases, [], [], [], {}, found.extent)
