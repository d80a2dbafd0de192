"""What the lazy ``__init__`` modules of transformers export, read without parsing them.

An ``__init__`` names its content three ways: by imports that only a type checker executes, by
``from .x import *``, and by ``define_import_structure``, which collects the ``__all__`` of every file
below a directory. The first two are found by a line pattern, the third by looking for ``__all__``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from tie_lint.library.tree import PACKAGE, SourceTree

_IMPORT = re.compile(
    r"^[ \t]*from[ \t]+(\.+)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n(]+)",
    re.MULTILINE,
)
_ALL = re.compile(rb"^__all__[^=\n]*=\s*[\[(]([^\])]*)[\])]", re.MULTILINE)
_STRING = re.compile(rb"[\"'](\w+)[\"']")
_COMMENT = re.compile(r"#[^\n]*")
_COMMENT_BYTES = re.compile(rb"#[^\n]*")
_NOT_EXPORTED = ("convert_", "modular_")


class Exports:
    """Where the names that packages export are defined."""

    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree
        self._found: dict[tuple[str, str], str | None] = {}
        self._text = functools.cache(self._read_text)
        self._imports = functools.cache(self._read_imports)
        self._stars = functools.cache(self._read_stars)
        self._children = functools.cache(tree.children)
        self._below = functools.cache(lambda package: list(tree.below(package)))
        self._all = functools.cache(self._read_all)

    def find(self, package: str, name: str) -> str | None:
        """Return the dotted module that defines what ``from package import name`` gives.

        None for a submodule, for a name that is not exported and for what is no package.
        """
        if not self._tree.is_package(package):
            return None
        key = (package, name)
        if key not in self._found:
            self._found[key] = None  # two packages that import each other must not go round for ever
            self._found[key] = self._look(package, name)
        return self._found[key]

    def table(self, package: str) -> dict[str, str]:
        """Return every name that a package exports, with the module that defines it."""
        found = {name: self.find(package, name) for name in self._imports(package)}
        for module in self._collected(package):
            for name in self._all(module) - found.keys():
                found[name] = self._definer(module, name)
        return {name: module for name, module in sorted(found.items()) if module is not None}

    def is_lazy(self, package: str) -> bool:
        """Return whether the package puts a lazy module in its own place: then nothing but its exports is
        left.
        """
        return self._tree.is_package(package) and "_LazyModule(" in self._text(package)

    def _look(self, package: str, name: str) -> str | None:
        if self._tree.is_module(f"{package}.{name}"):
            return None
        if name in self._imports(package):
            return self._follow(*self._imports(package)[name])
        for module in self._collected(package, name):
            if name in self._all(module):
                return self._definer(module, name)
        return None

    def _definer(self, module: str, name: str) -> str:
        """The module itself unless it only imports the name from elsewhere in the library."""
        if name not in self._imports(module):
            return module
        if re.search(rf"^(?:class|def)\s+{name}\b|^{name}\s*[:=]", self._text(module), re.MULTILINE):
            return module
        return self._follow(*self._imports(module)[name]) or module

    def _follow(self, module: str, attribute: str) -> str | None:
        if self._tree.is_module(f"{module}.{attribute}") or not self._tree.is_module(module):
            return None
        if self._tree.is_package(module):
            return self.find(module, attribute)
        return self._definer(module, attribute)

    def _collected(self, package: str, wanted: str = "") -> Iterator[str]:
        """The files whose ``__all__`` the package exports, those likely to have the wanted name first."""
        areas = self._areas(package)
        for area in areas:
            for child in sorted(self._children(area), key=lambda child: not _likely(child, wanted)):
                yield from self._below(child) if self._tree.is_package(child) else [child]
        for star in [] if areas else self._stars(package):
            yield from self._collected(star, wanted) if self._tree.is_package(star) else [star]

    def _read_text(self, package: str) -> str:
        return (self._tree.read(package) or b"").decode(errors="replace")

    def _read_imports(self, module: str) -> dict[str, tuple[str, str]]:
        """Names that import statements bind, as module and attribute; no stand-ins for missing back ends.

        What a lazy package imports for its own use is gone once the lazy module has taken its place: such a
        package exports from its own submodules only.
        """
        found: dict[str, tuple[str, str]] = {}
        package = self._tree.is_package(module)
        within = f"{module}." if self.is_lazy(module) else ""
        for dots, source, names in _IMPORT.findall(self._text(module)):
            target = absolute(module, package, source, len(dots))
            if ".dummy_" in target or not target.startswith(within):
                continue
            for part in _COMMENT.sub("", names).strip("() \t\n").split(","):
                attribute, _, alias = part.strip().partition(" as ")
                if attribute and attribute != "*":
                    found[alias.strip() or attribute] = (target, attribute)
        return found

    def _read_stars(self, package: str) -> list[str]:
        return [
            absolute(package, self._tree.is_package(package), module, len(dots))
            for dots, module, names in _IMPORT.findall(self._text(package))
            if names.strip() == "*"
        ]

    def _areas(self, package: str) -> list[str]:
        """The packages whose files' ``__all__`` the package collects."""
        text = self._text(package)
        if "define_import_structure(" not in text:
            return []
        return [f"{PACKAGE}.models"] if package == PACKAGE else [package]

    def _read_all(self, module: str) -> frozenset[str]:
        """The ``__all__`` of a file that ``define_import_structure`` looks at."""
        if module.rpartition(".")[2].startswith(_NOT_EXPORTED) or self._tree.is_package(module):
            return frozenset()
        found = _ALL.search(self._tree.read(module) or b"")
        if found is None:
            return frozenset()
        names = _STRING.findall(_COMMENT_BYTES.sub(b"", found.group(1)))
        return frozenset(name.decode() for name in names)


def absolute(importer: str, is_package: bool, module: str, level: int) -> str:
    """Return the dotted name that an import statement in ``importer`` means."""
    if level == 0:
        return module
    parts = importer.split(".")
    kept = parts[: len(parts) - level + (1 if is_package else 0)]
    return ".".join([*kept, module] if module else kept)


def _likely(module: str, name: str) -> bool:
    return name.lower().startswith(module.rpartition(".")[2].replace("_", ""))
