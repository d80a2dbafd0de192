"""Which names a piece of lowered source refers to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_PARAMETER_KINDS = ("pos", "*", "kw", "**")
_BY_NAME = ("getattr", "hasattr", "setattr", "attrgetter")


@dataclass(slots=True)
class References:
    """Names read, attributes taken of anything, attributes taken of a plain name, and local imports.

    Annotations do not count: nothing that runs depends on them.
    """

    names: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    members: set[tuple[str, str]] = field(default_factory=set)
    imports: list[list[Any]] = field(default_factory=list)

    def add(self, node: Any) -> References:
        """Add what an expression, a statement or any list of them refers to."""
        if not isinstance(node, list | tuple) or not node:
            return self
        match node:
            case ["const", _]:
                pass
            case ["name", str(name)]:
                self.names.add(name)
            case ["attr", list(owner), str(name)]:
                self._attribute(owner, name)
            case ["call", ["name", str(function)], [_, ["const", str(name)], *_], _] if function in _BY_NAME:
                self.attributes.add(name)
                self._each(node)
            case ["import", list(), list(bindings)]:
                self.imports.extend(bindings)
            case ["ann", list(), target, _, value]:
                self._each([target, value])
            case [str(), kind, default, _] if kind in _PARAMETER_KINDS:
                self.add(default)
            case _:
                self._each(node)
        return self

    def _each(self, nodes: Any) -> None:
        for node in nodes:
            self.add(node)

    def _attribute(self, owner: list[Any], name: str) -> None:
        self.attributes.add(name)
        if owner[0] == "name":
            self.members.add((owner[1], name))
        self.add(owner)
