"""The library as an installed copy's source has it. transformers is found, read and never imported."""

from __future__ import annotations

import functools
from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.library.tree import PACKAGE, SourceTree
from tie_lint.python.text import UnreadableSourceError, decode

if TYPE_CHECKING:
    from tie_lint.python.facts import ModuleFacts


@functools.cache
def installed_tree() -> SourceTree | None:
    """Return the source of the transformers that ``import transformers`` would find."""
    import importlib.util

    try:
        spec = importlib.util.find_spec(PACKAGE)
    except (ImportError, ValueError):
        return None
    if spec is None or spec.origin is None:
        return None
    return SourceTree(Path(spec.origin).parent)


class InstalledLibrary:
    """Facts read from source files."""

    def __init__(self, release: str, tree: SourceTree) -> None:
        from tie_lint.library.exports import Exports

        self.release = self.facts_release = release
        self._tree = tree
        self._exports = Exports(tree)
        self.module = functools.cache(self._read)

    def identity(self, dotted: str) -> Hashable:
        return self.release if self._tree.is_module(dotted) else (None, None)

    def is_package(self, dotted: str) -> bool:
        return self._tree.is_package(dotted)

    def exported_from(self, package: str, name: str) -> str | None:
        return self._exports.find(package, name)

    def _read(self, dotted: str) -> ModuleFacts | None:
        from tie_lint.library.packages import PackageModule
        from tie_lint.python.source import SourceModule

        data = self._tree.read(dotted)
        if data is None:
            return None
        if self._tree.is_package(dotted) and self._exports.is_lazy(dotted):
            find = functools.partial(self._exports.find, dotted)
            return PackageModule(find, functools.partial(self._exports.table, dotted))
        try:
            return SourceModule(decode(data))
        except UnreadableSourceError:
            return None
