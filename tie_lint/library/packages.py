"""Facts of packages that hand out what their submodules define, and of modules that nothing is kept of."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from tie_lint.python.facts import Binding, ClassFacts, ModuleFacts, StoredModule
from tie_lint.python.statements import NOWHERE, FunctionFacts, OpaqueStmt


class PackageModule(ModuleFacts):
    """A package's ``__init__``: each name it exports is imported from where it is defined."""

    def __init__(
        self,
        find: Callable[[str], str | None],
        exported: Callable[[], Iterable[str]],
        own: ModuleFacts | None = None,
    ) -> None:
        self._find, self._exported = find, exported
        self._own = own or StoredModule({"bindings": {}, "stars": [], "classes": {}, "functions": {}})

    def names(self) -> set[str]:
        return self._names

    @functools.cached_property
    def _names(self) -> set[str]:
        return {*self._exported(), *self._own.names()}

    def bindings(self, name: str) -> list[Binding]:
        home = self._find(name)
        if home is not None:
            return [Binding("import", [home, 0, name], [])]
        return self._own.bindings(name)

    def stars(self) -> list[list[Any]]:
        return []

    def class_keys(self) -> list[str]:
        return self._own.class_keys()

    def class_facts(self, key: str) -> ClassFacts:
        return self._own.class_facts(key)

    def function_facts(self, key: str) -> FunctionFacts | None:
        return self._own.function_facts(key)


class LeftOutModule(ModuleFacts):
    """A module that exists and of which nothing was kept: it may bind any name, to nobody knows what."""

    def names(self) -> set[str]:
        return set()

    def bindings(self, name: str) -> list[Binding]:
        return [Binding("value", OpaqueStmt(NOWHERE, "left out"), [])]

    def stars(self) -> list[list[Any]]:
        return []

    def class_keys(self) -> list[str]:
        return []
