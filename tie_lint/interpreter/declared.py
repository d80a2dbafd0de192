"""Names that a function declares ``global`` or ``nonlocal``: they are read and bound elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tie_lint.interpreter.base_values import UNBOUND, Value
from tie_lint.interpreter.namespace import Namespace
from tie_lint.interpreter.values import Env
from tie_lint.python.statements import Global, Nonlocal


class DeclaredNames(dict[str, Any]):
    """The names of a function some of which belong to its module or to a function around it."""

    __slots__ = ("elsewhere",)

    def __init__(self, elsewhere: dict[str, dict[str, Value] | Namespace]) -> None:
        super().__init__()
        self.elsewhere = elsewhere

    def __contains__(self, name: object) -> bool:
        home = self.elsewhere.get(str(name))
        if home is None:
            return super().__contains__(name)
        return name in home if isinstance(home, dict) else home.lookup(str(name)) is not UNBOUND

    def __getitem__(self, name: str) -> Value:
        home = self.elsewhere.get(name)
        if home is None:
            return super().__getitem__(name)
        return home[name] if isinstance(home, dict) else home.lookup(name)

    def __setitem__(self, name: str, value: Value) -> None:
        home = self.elsewhere.get(name)
        if home is None:
            super().__setitem__(name, value)
        elif isinstance(home, dict):
            home[name] = value
        else:
            home.assign(name, value)

    def __delitem__(self, name: str) -> None:
        home = self.elsewhere.get(name)
        if home is None:
            super().__delitem__(name)
        elif isinstance(home, dict):
            del home[name]
        else:
            home.assign(name, UNBOUND)


def names_with(
    declarations: Iterable[Global | Nonlocal], scope: Namespace, closure: Env | None
) -> DeclaredNames:
    """Return the names of a call of a function with these declarations, nothing bound yet."""
    elsewhere: dict[str, dict[str, Value] | Namespace] = {}
    for stmt in declarations:
        for name in stmt.names:
            if isinstance(stmt, Global):
                elsewhere[name] = scope
            elif closure is not None:
                elsewhere[name] = (closure.find(name) or closure).names
    return DeclaredNames(elsewhere)
