"""What is found once for all who ask, with the other targets of the run for which it would be otherwise."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from tie_lint.intrinsics.transformers.context import Interpreter

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

Known = dict[K, tuple[V, frozenset[str]]]
"""What was found, by what was asked, each with the releases for which it is otherwise."""


def once(interp: Interpreter, known: Known[K, V], key: K, find: Callable[[], V]) -> V:
    """Return what is known under a key; find it where nothing is yet."""
    if key not in known:
        with interp.resolver.peers.noting() as unlike:
            found = find()
        known[key] = found, frozenset(unlike)
    value, unlike_then = known[key]
    interp.resolver.peers.unlike(unlike_then)
    return value
