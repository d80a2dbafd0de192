"""The other targets of a run: for which of them answers would have been otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tie_lint.library.contract import Contract, contract_of
from tie_lint.library.watched import NONE, Releases, watched_contract

if TYPE_CHECKING:
    from tie_lint.library.index import Library


class Peers:
    """What one release answers, compared with others. There may be none."""

    def __init__(self, own: Library, others: Iterable[Library]) -> None:
        self._own = own
        self._others = {other.release: other for other in others}
        self.releases: Releases = frozenset(self._others)
        self._left_out: Releases = NONE
        self.compared = self.releases
        """The releases that are not left out."""
        self.of_nobody: set[str] = set()
        """What is noted for no module's sake."""
        self.of_module = self.of_nobody
        """What is noted of the module for whose sake others are looked into."""
        self._of_class: set[str] | None = None
        """What is noted of the class that is asked about; None while a module is looked into."""
        self._modules: dict[str, Releases] = {}
        self._homes: dict[tuple[str, str, str | None], Releases] = {}

    # -- what is noted ----------------------------------------------------------------------------------

    def leave_out(self, releases: Releases) -> None:
        """Have nothing found out about some releases, of which it need not be known."""
        self._left_out = releases
        self.compared = self.releases - releases

    @contextmanager
    def noting(self) -> Iterator[set[str]]:
        """Give the releases that are noted meanwhile, but for what is looked into for a module's sake."""
        before, self._of_class = self._of_class, set()
        try:
            yield self._of_class
        finally:
            self._of_class = before

    @contextmanager
    def looking_into(self, of_module: set[str]) -> Iterator[None]:
        """Note what is asked meanwhile of a module, for all who look into that."""
        before = self.of_module, self._of_class
        self.of_module, self._of_class = of_module, None
        try:
            yield
        finally:
            self.of_module, self._of_class = before

    def unlike(self, releases: Releases) -> None:
        """Note releases for which an answer would have been another."""
        (self.of_module if self._of_class is None else self._of_class).update(releases)

    def is_unlike(self, releases: Releases) -> bool:
        """Return whether they were all noted already, or need not be."""
        noted = self.of_module if self._of_class is None else self._of_class
        return all(release in noted or release in self._left_out for release in releases)

    # -- what is compared -------------------------------------------------------------------------------

    def contract(self) -> Contract:
        """Return the contract of the release, watched where there are others."""
        own = contract_of(self._own.release)
        others = {release: contract_of(release) for release in self._others}
        return watched_contract(own, others, self) if others else own

    def unlike_in_module(self, dotted: str) -> Releases:
        """Return the releases whose module of that name is another, or is there where the own one is not."""
        if not self._others:
            return NONE
        if dotted not in self._modules:
            own = self._own.identity(dotted)
            self._modules[dotted] = frozenset(
                release for release, other in self._others.items() if other.identity(dotted) != own
            )
        return self._modules[dotted]

    def unlike_in_home(
        self, package: str, name: str, found: str | None, home: Callable[[str | None], str | None]
    ) -> Releases:
        """Return the releases for which a name that a package exports is defined elsewhere than ``found``.

        ``home`` says where, by what the library's own table says.
        """
        if not self._others:
            return NONE
        key = package, name, found
        if key not in self._homes:
            listed = {release: other.exported_from(package, name) for release, other in self._others.items()}
            homes = {one: home(one) for one in set(listed.values())}
            self._homes[key] = frozenset(release for release, one in listed.items() if homes[one] != found)
        return self._homes[key]
