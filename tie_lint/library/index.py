"""Facts of the library's own classes: from an installed copy's source, or from the bundled data.

transformers is never imported. A person who lints in an isolated environment (pre-commit) has none
installed, so the bundled data is the ordinary source.
"""

from __future__ import annotations

import functools
import importlib.util
from abc import ABC, abstractmethod
from dataclasses import fields
from pathlib import Path
from typing import Any

from packaging.version import Version

from tie_lint.library.archive import Archive
from tie_lint.library.contract import contract_of
from tie_lint.library.exports import Exports
from tie_lint.library.tree import PACKAGE, SourceTree
from tie_lint.python.facts import ModuleFacts, StoredModule
from tie_lint.python.outline import UnreadableSourceError, decode
from tie_lint.python.source import SourceModule

_DATA = Path(__file__).parent / "data"


class Library(ABC):
    """The modules of one release of transformers."""

    release: str
    """The release asked for."""
    facts_release: str
    """The release whose source the facts come from."""

    @abstractmethod
    def module(self, dotted: str) -> ModuleFacts | None:
        """The facts of a module or of a package's ``__init__``; None where there is none."""

    @abstractmethod
    def is_package(self, dotted: str) -> bool:
        """Whether the dotted name is a package."""

    @abstractmethod
    def exported_from(self, package: str, name: str) -> str | None:
        """The dotted module that defines what ``from package import name`` gives; None for submodules."""

    def exported(self, name: str) -> str | None:
        """The dotted module that defines what ``from transformers import name`` gives."""
        return self.exported_from(PACKAGE, name)


@functools.lru_cache(maxsize=16)
def library(release: str, *, installed: bool = True) -> Library:
    """The library of a release: the installed one if it is exactly that, else the nearest bundled one."""
    if installed and (tree := installed_tree()) is not None and tree.release() == release:
        return InstalledLibrary(release, tree)
    return BundledLibrary(release, nearest(release, bundled_releases()))


def bundled_releases() -> list[str]:
    """The releases whose facts come with this package, oldest first."""
    return sorted((path.name[: -len(path.suffix)] for path in _DATA.glob("*.facts")), key=Version)


def nearest(release: str, among: list[str]) -> str:
    """The release whose contract differs in the fewest points from the wanted one's.

    Among equals, the newest that is not newer than the wanted one, else the oldest.
    """
    wanted, contract = Version(release), contract_of(release)

    def distance(candidate: str) -> tuple[int, bool, int]:
        other = contract_of(candidate)
        differing = sum(
            getattr(contract, part.name) != getattr(other, part.name)
            for part in fields(contract)
            if part.name != "since"
        )
        place = among.index(candidate)
        newer = Version(candidate) > wanted
        return differing, newer, place if newer else -place

    return min(among, key=distance)


@functools.cache
def installed_tree() -> SourceTree | None:
    """The source of the transformers that ``import transformers`` would find."""
    try:
        spec = importlib.util.find_spec(PACKAGE)
    except (ImportError, ValueError):
        return None
    if spec is None or spec.origin is None:
        return None
    return SourceTree(Path(spec.origin).parent)


class InstalledLibrary(Library):
    """Facts read from source files."""

    def __init__(self, release: str, tree: SourceTree) -> None:
        self.release = self.facts_release = release
        self._tree = tree
        self._exports = Exports(tree)
        self._modules: dict[str, ModuleFacts | None] = {}

    def module(self, dotted: str) -> ModuleFacts | None:
        if dotted not in self._modules:
            self._modules[dotted] = self._read(dotted)
        return self._modules[dotted]

    def is_package(self, dotted: str) -> bool:
        return self._tree.is_package(dotted)

    def exported_from(self, package: str, name: str) -> str | None:
        return self._exports.find(package, name)

    def _read(self, dotted: str) -> ModuleFacts | None:
        data = self._tree.read(dotted)
        if data is None:
            return None
        try:
            return SourceModule(decode(data))
        except UnreadableSourceError:
            return None


class BundledLibrary(Library):
    """Facts read from the bundled data."""

    def __init__(self, release: str, facts_release: str) -> None:
        self.release, self.facts_release = release, facts_release
        self._archive = _archive(facts_release)
        self._packages = frozenset(self._archive.head["packages"])
        self._modules: dict[str, ModuleFacts | None] = {}

    def module(self, dotted: str) -> ModuleFacts | None:
        if dotted not in self._modules:
            self._modules[dotted] = self._read(dotted)
        return self._modules[dotted]

    def is_package(self, dotted: str) -> bool:
        return dotted in self._packages

    def exported_from(self, package: str, name: str) -> str | None:
        top = self._exports[PACKAGE].get(name)
        if package == PACKAGE or (top is not None and top.startswith(f"{package}.")):
            return top
        return self._exports.get(package, {}).get(name)

    @functools.cached_property
    def _exports(self) -> dict[str, dict[str, str]]:
        """By package and name, the defining module."""
        return {
            package: {name: module for module, names in table.items() for name in names}
            for package, table in self._archive.read("exports").items()
        }

    def _read(self, dotted: str) -> ModuleFacts | None:
        if dotted in self._packages:
            return StoredModule(self._package_data(dotted))
        return StoredModule(self._archive.read(dotted)) if dotted in self._archive else None

    def _package_data(self, package: str) -> dict[str, Any]:
        """A package's ``__init__``: what was kept of it, and its exports as imports."""
        data: dict[str, Any] = {"bindings": {}, "classes": {}, "functions": {}}
        if package in self._archive:
            data = self._archive.read(package)
        below = {
            name: module
            for name, module in self._exports[PACKAGE].items()
            if module.startswith(f"{package}.")
        }
        imports = {
            name: [["import", [module, 0, name], []]]
            for name, module in {**below, **self._exports.get(package, {})}.items()
        }
        return {**data, "bindings": {**imports, **data["bindings"]}, "stars": []}


@functools.cache
def _archive(release: str) -> Archive:
    return Archive((_DATA / f"{release}.facts").read_bytes())
