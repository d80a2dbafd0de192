"""What the text of a method calls."""

from __future__ import annotations

from typing import Any


def calls_super(node: Any, name: str) -> bool:
    """Whether lowered statements call the method of that name of another class than their own: ``super()``'s,
    or that of a class that they name."""
    if not isinstance(node, list):
        return False
    if node[:1] == ["attr"] and node[-1] == name and node[1] != ["name", "self"]:
        return True
    return any(calls_super(part, name) for part in node)
