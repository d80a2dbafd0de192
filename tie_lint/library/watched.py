"""What is read of one target, compared with what the other targets of the run would have given.

Where nothing was read that is otherwise for another target, an answer for the one is the answer for both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from tie_lint.library.contract import Contract
from tie_lint.library.target import Target

Releases = frozenset[str]
NONE: Releases = frozenset()


class Watcher(Protocol):
    """Who is told of the releases for which something that was read is otherwise."""

    def unlike(self, releases: Releases) -> None:
        """Note them."""

    def is_unlike(self, releases: Releases) -> bool:
        """Return whether they were all noted already, or need not be."""

    def noting(self) -> AbstractContextManager[set[str]]:
        """Give the releases that are noted meanwhile, but for what is looked into for a module's sake."""


class _Watched:
    """A record of one release: who reads a field has noted for which others that is otherwise."""

    watcher: Watcher
    others: Mapping[str, Any]
    """The same records of the other releases."""
    unlike: Mapping[str, Releases]
    """The others by the fields that are otherwise."""

    def __getattribute__(self, name: str) -> Any:
        here = super().__getattribute__("__dict__")
        if name in here.get("unlike", ()):
            here["watcher"].unlike(here["unlike"][name])
        return super().__getattribute__(name)

    def watch(self, others: Mapping[str, Any], watcher: Watcher) -> None:
        """Begin to note what is read."""
        self.watcher, self.others = watcher, others
        names: tuple[str, ...] = type(self)._fields  # type: ignore[attr-defined]
        own = {name: object.__getattribute__(self, name) for name in names}
        unlike = {
            name: frozenset(one for one, other in others.items() if getattr(other, name) != own[name])
            for name in names
        }
        self.unlike = {name: releases for name, releases in unlike.items() if releases}


class WatchedContract(_Watched, Contract):
    """A contract that is watched."""

    def _replace(self, **changes: Any) -> WatchedContract:
        replaced = WatchedContract(*Contract(*self)._replace(**changes))
        replaced.watch({one: other._replace(**changes) for one, other in self.others.items()}, self.watcher)
        return replaced

    def value(self, field: str) -> Any:
        """Return a field; nothing is noted."""
        return self[self._fields.index(field)]

    def otherwise(self, field: str) -> Iterator[tuple[Any, Releases]]:
        """Yield what the field is elsewhere, and where; but for releases that were noted already."""
        found: dict[Any, set[str]] = {}
        for release in self.unlike.get(field, ()):
            found.setdefault(getattr(self.others[release], field), set()).add(release)
        for value, releases in found.items():
            if not self.watcher.is_unlike(frozenset(releases)):
                yield value, frozenset(releases)


class WatchedTarget(_Watched, Target):
    """A target that is watched."""


def watched_contract(own: Contract, others: Mapping[str, Contract], watcher: Watcher) -> Contract:
    """Return a contract that notes for which of the others it is otherwise in what is read of it."""
    found = WatchedContract(*own)
    found.watch(others, watcher)
    return found


def watched_target(own: Target, contract: Contract, others: Mapping[str, Target], watcher: Watcher) -> Target:
    """Return a target that notes the same; ``contract`` is its own, which is watched or not."""
    found = WatchedTarget(*own._replace(contract=contract))
    found.watch({one: other._replace(contract=contract) for one, other in others.items()}, watcher)
    return found
