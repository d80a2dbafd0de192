"""One file's text as module facts: outlined at once, lowered piece by piece when asked."""

from __future__ import annotations

import functools

from tie_lint.python.facts import Binding, ClassFacts, Expr, FunctionFacts, Guard, ModuleFacts, Span
from tie_lint.python.outline import Outline, OutlineBinding, OutlineClass, outline, text_at


@functools.lru_cache(maxsize=128)
def source_module(text: str) -> SourceModule:
    """The facts of a file with that text: every target asks for them, and every fix on trial does."""
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

    def _binding(self, item: OutlineBinding) -> Binding:
        detail = item.detail
        if item.kind in ("value", "update"):
            detail = self._lower_value(detail)
        return Binding(item.kind, detail, [self._guard(guard) for guard in item.guards])

    def _guard(self, guard: Guard) -> Guard:
        kind, *rest = guard
        return [kind, self._lower_test(rest[0]), rest[1]] if kind == "if" else guard

    def _lower_test(self, span: Span) -> Expr:
        from tie_lint.python.visitor import TooDeepError, lower_expression

        try:
            return lower_expression(text_at(span, self.outline.lines))
        except TooDeepError:
            return ["opaque", "nested too deeply"]

    def _lower_value(self, span: Span) -> list[object]:
        from tie_lint.python.visitor import TooDeepError, lower_statements

        try:
            (stmt,) = lower_statements(text_at(span, self.outline.lines), 1)
        except TooDeepError:
            return ["opaque", span, "nested too deeply"]
        stmt[1] = span
        return stmt

    def _lower_function(self, extent: Span) -> FunctionFacts | None:
        from tie_lint.python.visitor import TooDeepError, lower_function

        try:
            return lower_function("\n".join(self.outline.lines[extent[0] - 1 : extent[2]]), extent[0])
        except TooDeepError:
            return None

    def _lower_class(self, found: OutlineClass) -> ClassFacts:
        facts = self._lower_header(found) if found.bases is None else _bare_class(found, found.bases)
        facts.extent = found.extent
        facts.pending = {
            method.key: functools.partial(self._lower_function, method.extent) for method in found.methods
        }
        return facts

    def _lower_header(self, found: OutlineClass) -> ClassFacts:
        """A class without its methods."""
        from tie_lint.python.visitor import TooDeepError, lower_class

        numbers = self._lines_without_methods(found)
        lines = [self.outline.lines[number - 1] for number in numbers]
        if not found.statements:
            lines.append(lines[0][: len(lines[0]) - len(lines[0].lstrip())] + " pass")
            numbers.append(found.extent[2])
        try:
            return lower_class("\n".join(lines), found.extent[0], numbers)
        except TooDeepError:
            return _bare_class(found, [["opaque", "nested too deeply"]])

    @staticmethod
    def _lines_without_methods(found: OutlineClass) -> list[int]:
        left_out = {
            number for method in found.methods for number in range(method.extent[0], method.extent[2] + 1)
        }
        return [number for number in range(found.extent[0], found.extent[2] + 1) if number not in left_out]


def _bare_class(found: OutlineClass, bases: list[Expr]) -> ClassFacts:
    """A class that has methods only."""
    return ClassFacts(found.name, found.at, bases, [], [], [], {}, found.extent)
