"""What the text of a method calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def calls_super(node: Any, name: str) -> bool:
    """Whether lowered statements call the method of that name of a class above: ``super()``'s, or that of a
    class that they name."""
    return _calls(node, name, _is_class)


def calls_own(node: Any, name: str) -> bool:
    """Whether lowered statements call the method of that name of ``self``."""
    return _calls(node, name, lambda owner: owner == ["name", "self"])


def passes_on(node: Any, name: str) -> bool:
    """Whether lowered statements call the method of that name of anything but ``self``: of a class above, or
    of a model inside."""
    return _calls(node, name, lambda owner: owner != ["name", "self"])


def _calls(node: Any, name: str, of: Callable[[Any], bool]) -> bool:
    if not isinstance(node, list):
        return False
    if node[:1] == ["attr"] and node[-1] == name and of(node[1]):
        return True
    return any(_calls(part, name, of) for part in node)


def _is_class(node: Any) -> bool:
    """Whether an expression is ``super()`` or the name of a class, going by how these are written."""
    if node[0] == "call":
        return bool(node[1] == ["name", "super"])
    return bool(node[0] == "name" and node[1][:1].isupper())
