"""What the library's own source exports where it is itself what is linted: a checkout, or a newer release."""

from __future__ import annotations

from pathlib import Path

from tie_lint.library.exports import Exports
from tie_lint.library.tree import SourceTree
from tie_lint.python.disk import Disk, below


class LintedLibrary:
    """The export tables of a tree of transformers, read file by file as they are needed.

    A release newer than the bundled facts has names that these do not know, and has moved others.
    """

    def __init__(self, root: str, disk: Disk) -> None:
        self._tree = _DiskTree(Path(root), disk)
        self._exports = Exports(self._tree)
        self._any = below(root, "*")

    def is_module(self, dotted: str) -> bool:
        """Return whether the tree has a module or package of that dotted name."""
        return self._tree.is_module(dotted)

    def home(self, package: str, name: str) -> str | None:
        """Return the module that defines what ``from package import name`` gives; None where none does."""
        return self._exports.find(package, name)

    def seen(self, found: bool) -> set[str]:
        """Return the files that answers rest on so far.

        Where nothing was found any new file could change the answer. What stands for that is a name that no
        file has, so that a cached result which depends on it is never used again.
        """
        return self._tree.seen if found else {*self._tree.seen, self._any}


class _DiskTree(SourceTree):
    """A tree whose files are read as all files of a run are, and remembered."""

    def __init__(self, root: Path, disk: Disk) -> None:
        super().__init__(root)
        self._disk = disk
        self.seen: set[str] = set()

    def read(self, dotted: str) -> bytes | None:
        path = self.path_of(dotted)
        if path is None:
            return None
        self.seen.add(str(path))
        try:
            return self._disk.read(str(path))
        except OSError:
            return None
