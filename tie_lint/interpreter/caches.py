"""What is derived from a class, or from a file's classes, once: each owner keeps its own.

A cache is a name in the module that owns it; what it holds lies with the class (or project) it was derived
from, lives as long as that, and is dropped with everything else when that changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")


class Keeper(Protocol):
    """What things are derived from."""

    kept: dict[Any, Any]


class Cache(Generic[T]):
    """One thing that is derived from a keeper."""

    def get(self, keeper: Keeper) -> T | None:
        """Return what was derived; None where nothing was yet."""
        found: T | None = keeper.kept.get(self)
        return found

    def put(self, keeper: Keeper, value: T) -> T:
        """Keep what was derived."""
        keeper.kept[self] = value
        return value

    def of(self, keeper: Keeper, make: Callable[[], T]) -> T:
        """Return what was derived; derive it where nothing was yet."""
        if self in keeper.kept:
            found: T = keeper.kept[self]
            return found
        return self.put(keeper, make())
