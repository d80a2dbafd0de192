"""Names that a function declares ``global`` or ``nonlocal``: they are read and bound elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping

from tie_lint.interpreter.base_values import UNBOUND, Value
from tie_lint.interpreter.namespace import Namespace
from tie_lint.interpreter.values import Env
from tie_lint.python.statements import Global, Nonlocal


class DeclaredNames(MutableMapping[str, Value]):
    """The names of a function some of which belong to its module or to a function around it."""

    def __init__(self, elsewhere: dict[str, MutableMapping[str, Value] | Namespace]) -> None:
        self._own: dict[str, Value] = {}
        self._elsewhere = elsewhere

    def __contains__(self, name: object) -> bool:
        home = self._home(str(name))
        return name in home if isinstance(home, MutableMapping) else home.lookup(str(name)) is not UNBOUND

    def __getitem__(self, name: str) -> Value:
        home = self._home(name)
        return home[name] if isinstance(home, MutableMapping) else home.lookup(name)

    def __setitem__(self, name: str, value: Value) -> None:
        home = self._home(name)
        if isinstance(home, MutableMapping):
            home[name] = value
        else:
            home.assign(name, value)

    def __delitem__(self, name: str) -> None:
        home = self._home(name)
        if isinstance(home, MutableMapping):
            del home[name]
        else:
            home.assign(name, UNBOUND)

    def __iter__(self) -> Iterator[str]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)

    def _home(self, name: str) -> MutableMapping[str, Value] | Namespace:
        return self._elsewhere.get(name, self._own)


def names_with(
    declarations: Iterable[Global | Nonlocal], scope: Namespace, closure: Env | None
) -> DeclaredNames:
    """Return the names of a call of a function with these declarations, nothing bound yet."""
    elsewhere: dict[str, MutableMapping[str, Value] | Namespace] = {}
    for stmt in declarations:
        for name in stmt.names:
            if isinstance(stmt, Global):
                elsewhere[name] = scope
            elif closure is not None:
                elsewhere[name] = (closure.find(name) or closure).names
    return DeclaredNames(elsewhere)
