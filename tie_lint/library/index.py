"""Facts of the library's own classes: from an installed copy's source, or from the bundled data.

A person who lints in an isolated environment (pre-commit) has no transformers installed, so the bundled
data is the ordinary source.
"""

from __future__ import annotations

import functools
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Protocol

from packaging.version import Version

from tie_lint.library.bundled import BundledLibrary, bundled_releases
from tie_lint.library.contract import contract_of
from tie_lint.library.installed import InstalledLibrary, installed_tree

if TYPE_CHECKING:
    from tie_lint.python.facts import ModuleFacts


class Library(Protocol):
    """The modules of one release of transformers."""

    release: str
    """The release asked for."""
    facts_release: str
    """The release whose source the facts come from."""

    def module(self, dotted: str) -> ModuleFacts | None:
        """Return the facts of a module or of a package's ``__init__``; None where there is none."""

    def identity(self, dotted: str) -> Hashable:
        """Return what is equal for two libraries whose module of that name is the same, or missing."""

    def is_package(self, dotted: str) -> bool:
        """Return whether the dotted name is a package."""

    def exported_from(self, package: str, name: str) -> str | None:
        """Return the dotted module that defines what ``from package import name`` gives; None for
        submodules.
        """


@functools.lru_cache(maxsize=16)
def library(release: str, *, installed: bool = True) -> Library:
    """Return the library of a release: the installed one if it is exactly that, else the nearest
    bundled one.
    """
    if installed and (tree := installed_tree()) is not None and tree.release() == release:
        return InstalledLibrary(release, tree)
    return BundledLibrary(release, nearest(release, bundled_releases()))


def nearest(release: str, among: Sequence[str]) -> str:
    """Return the release whose contract differs in the fewest points from the wanted one's.

    Among equals, the newest that is not newer than the wanted one, else the oldest.
    """
    wanted, contract = Version(release), contract_of(release)
    oldest_first = sorted(among, key=Version)

    def distance(candidate: str) -> tuple[int, bool, int]:
        other = contract_of(candidate)
        points = [name for name in contract._fields if name != "since"]
        differing = sum(getattr(contract, point) != getattr(other, point) for point in points)
        newer, place = Version(candidate) > wanted, oldest_first.index(candidate)
        return differing, newer, place if newer else -place

    return min(oldest_first, key=distance)
