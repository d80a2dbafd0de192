"""Where the library defines what its packages export."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tie_lint.library.index import Library
from tie_lint.python.disk import Disk

if TYPE_CHECKING:
    from tie_lint.project.linted_library import LintedLibrary


class Homes:
    """The modules that define what packages of the library export: by its release's table, or in the linted
    tree.

    Where the library's own source is linted the table of its release still says where to look first: its own
    tables take reading a file for every package. They are asked for what is not there any more.
    """

    def __init__(self, library: Library, disk: Disk, binds: Callable[[str, str], bool]) -> None:
        """``binds`` says whether a module of the linted tree binds a name."""
        self._library, self._disk, self._binds = library, disk, binds
        self.tree: str | None = None
        """The folder of the library's own source, where that is what is linted."""
        self._linted: LintedLibrary | None = None
        """The export tables of the linted tree, from when they are first needed."""

    def find(self, package: str, name: str, sought: set[str]) -> str | None:
        """Return the module that defines a name; to ``sought`` are added files that were looked for."""
        return self.by(self._library.exported_from(package, name), package, name, sought)

    def by(self, listed: str | None, package: str, name: str, sought: set[str]) -> str | None:
        """Return the same, by what the table of a release says."""
        if self.tree is None or (listed is not None and self._binds(listed, name)):
            return listed
        if self._linted is None:
            from tie_lint.project.linted_library import LintedLibrary

            self._linted = LintedLibrary(self.tree, self._disk)
        if self._linted.is_module(f"{package}.{name}"):
            return None
        found = self._linted.home(package, name)
        sought |= self._linted.seen
        return found or listed
