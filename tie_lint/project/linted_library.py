"""What the library's own source exports where it is itself what is linted: a checkout, or a newer release."""

from __future__ import annotations

from pathlib import Path

from tie_lint.library.exports import Exports
from tie_lint.library.tree import SourceTree
from tie_lint.python.disk import Disk


class LintedLibrary:
    """The export tables of a tree of transformers, read file by file as they are needed.

    A release newer than the bundled facts has names that these do not know, and has moved others.
    """

    def __init__(self, root: str, disk: Disk) -> None:
        self._tree = _DiskTree(Path(root), disk)
        self._exports = Exports(self._tree)

    def is_module(self, dotted: str) -> bool:
        """Return whether the tree has a module or package of that dotted name."""
        return self._tree.is_module(dotted)

    def home(self, package: str, name: str) -> str | None:
        """Return the module that defines what ``from package import name`` gives; None where none does."""
        return self._exports.find(package, name)

    @property
    def seen(self) -> set[str]:
        """The files, there or not, and the folders' names that answers rest on so far."""
        return self._tree.seen


class _DiskTree(SourceTree):
    """A tree whose files and folders are looked at as all files of a run are, and remembered."""

    def __init__(self, root: Path, disk: Disk) -> None:
        super().__init__(root)
        self._disk = disk
        self.seen: set[str] = set()

    def children(self, package: str) -> list[str]:
        self.seen.add(self._disk.names(str(self._path(package))))
        return super().children(package)

    def _look(self, dotted: str) -> str | None:
        for path in (self._path(dotted) / "__init__.py", self._file(dotted)):
            self.seen.add(str(path))
            self._disk.is_file(str(path))
        return super()._look(dotted)

    def read(self, dotted: str) -> bytes | None:
        path = self.path_of(dotted)
        if path is None:
            return None
        self.seen.add(str(path))
        try:
            return self._disk.read(str(path))
        except OSError:
            return None
