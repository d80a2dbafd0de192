"""The library as the bundled data has it, for wherever transformers is not installed."""

from __future__ import annotations

import functools
from collections.abc import Hashable
from pathlib import Path

from packaging.version import Version

from tie_lint.library.archive import Archive
from tie_lint.library.packages import LeftOutModule, PackageModule
from tie_lint.library.tree import PACKAGE
from tie_lint.python.facts import ModuleFacts, StoredModule

BUNDLE = Path(__file__).parent / "data" / "transformers.facts"


@functools.cache
def archive() -> Archive:
    """Return the bundled data. Its head has, for each release, the number of the document that lists the
    rest.
    """
    return Archive(BUNDLE.read_bytes())


def bundled_releases() -> list[str]:
    """Return the releases whose facts come with this package, oldest first."""
    return sorted(archive().head, key=Version)


class BundledLibrary:
    """Facts of a release read from the bundled data of that release or a near one."""

    def __init__(self, release: str, facts_release: str) -> None:
        self.release, self.facts_release = release, facts_release
        directory = archive().read(archive().head[facts_release])
        self._packages = frozenset(directory["packages"])
        self._left_out = frozenset(directory["left out"])
        self._documents: dict[str, int] = directory["modules"]
        self._exports_document: int = directory["exports"]
        self.module = functools.cache(self._read)

    def identity(self, dotted: str) -> Hashable:
        if dotted in self._left_out:
            return "left out"
        exports = self._exports_document if dotted in self._packages else None
        return self._documents.get(dotted), exports

    def is_package(self, dotted: str) -> bool:
        return dotted in self._packages

    def exported_from(self, package: str, name: str) -> str | None:
        found = self._exports[PACKAGE].get(name)
        if package == PACKAGE or (found is not None and found.startswith(f"{package}.")):
            return found
        return self._exports.get(package, {}).get(name)

    @functools.cached_property
    def _exports(self) -> dict[str, dict[str, str]]:
        """By package and name, the defining module."""
        return {
            package: {name: module for module, names in table.items() for name in names}
            for package, table in archive().read(self._exports_document).items()
        }

    def _exported_names(self, package: str) -> list[str]:
        below = f"{package}."
        inherited = [name for name, module in self._exports[PACKAGE].items() if module.startswith(below)]
        return [*inherited, *self._exports.get(package, {})]

    def _read(self, dotted: str) -> ModuleFacts | None:
        if dotted in self._left_out:
            return LeftOutModule()
        number = self._documents.get(dotted)
        own = None if number is None else StoredModule(archive().read(number))
        if dotted not in self._packages:
            return own
        find = functools.partial(self.exported_from, dotted)
        return PackageModule(find, functools.partial(self._exported_names, dotted), own)
