"""A directory of transformers source, seen as dotted modules."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from tie_lint.python.disk import Disk, below, import_root

PACKAGE = "transformers"

_VERSION = re.compile(rb"^__version__ = [\"']([^\"']+)[\"']", re.MULTILINE)


def library_beside(path: str, disk: Disk) -> tuple[str | None, list[str]]:
    """Return the folder of the library's own source that absolute imports of a file would find, if they find
    one.

    Also the files that were looked for to find out.
    """
    root, sought = import_root(path, disk)
    sought.append(below(root, PACKAGE, "__init__.py"))
    return below(root, PACKAGE) if disk.is_file(sought[-1]) else None, sought


class SourceTree:
    """The ``transformers`` directory of an installation, a wheel's content or a checkout."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._kinds: dict[str, str | None] = {}

    def release(self) -> str | None:
        """Return the release the source itself says it is."""
        found = _VERSION.search(self.read(PACKAGE) or b"")
        return found.group(1).decode() if found else None

    def is_package(self, dotted: str) -> bool:
        """Return whether the dotted name is a directory with an ``__init__.py``."""
        return self._kind(dotted) == "package"

    def is_module(self, dotted: str) -> bool:
        """Return whether the dotted name is a file or a package."""
        return self._kind(dotted) is not None

    def read(self, dotted: str) -> bytes | None:
        """Return the bytes of a module, or of a package's ``__init__.py``."""
        path = self.path_of(dotted)
        return None if path is None else path.read_bytes()

    def path_of(self, dotted: str) -> Path | None:
        """Return the file of a module, or a package's ``__init__.py``; None where there is none."""
        kind = self._kind(dotted)
        if kind is None:
            return None
        return self._path(dotted) / "__init__.py" if kind == "package" else self._file(dotted)

    def children(self, package: str) -> list[str]:
        """Return the modules and packages right below a package, sorted."""
        with os.scandir(self._path(package)) as entries:
            stems = {_stem(entry) for entry in entries}
        return [f"{package}.{stem}" for stem in sorted(stems - {"", "__init__", "__pycache__"})]

    def below(self, package: str) -> Iterator[str]:
        """Yield every module and package anywhere below a package, sorted, packages before their content."""
        for child in self.children(package):
            if self.is_module(child):
                yield child
            if self._path(child).is_dir():
                yield from self.below(child)

    def _kind(self, dotted: str) -> str | None:
        if dotted not in self._kinds:
            self._kinds[dotted] = self._look(dotted)
        return self._kinds[dotted]

    def _look(self, dotted: str) -> str | None:
        first, *rest = dotted.split(".")
        if first != PACKAGE or not all(part.isidentifier() for part in rest):
            return None
        if (self._path(dotted) / "__init__.py").is_file():
            return "package"
        return "module" if rest and self._file(dotted).is_file() else None

    def _path(self, dotted: str) -> Path:
        return self.root.joinpath(*dotted.split(".")[1:])

    def _file(self, dotted: str) -> Path:
        path = self._path(dotted)
        return path.with_name(f"{path.name}.py")


def _stem(entry: os.DirEntry[str]) -> str:
    """The module name of a directory entry, or nothing."""
    if entry.name.endswith(".py"):
        return entry.name[:-3]
    return entry.name if "." not in entry.name and entry.is_dir() else ""
