"""Which classes of a package a change of some of its files can reach.

They are those that mention what was changed, and those that mention these, as far as imports by name lead.
Nothing is imported.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.lab.packages.candidates import top_level
from tests.lab.packages.findings.records import module_of
from tests.lab.truth.classes import ClassName


def reached(folder: Path, texts: Mapping[str, str]) -> set[ClassName]:
    """Every definition of the package that a change of these files, by their paths in it, can reach."""
    files = _files(folder)
    todo = [name for path, text in texts.items() for name in _touched(files[module_of(path)], text)]
    found: set[ClassName] = set()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(_mentioning(files.values(), name))
    return found


@dataclass(frozen=True)
class _File:
    """One file of a package."""

    module: str
    text: str
    is_package: bool

    @functools.cached_property
    def words(self) -> frozenset[str]:
        return frozenset(re.findall(r"\w+", self.text))

    @functools.cached_property
    def definitions(self) -> dict[str, frozenset[str]]:
        """The module-level classes and functions, with the names that each mentions; "" for the rest."""
        return {name: frozenset(_names(nodes)) for name, nodes in _definitions(self.text).items()}

    @functools.cached_property
    def imports(self) -> list[tuple[str, str, str]]:
        """What is imported: the module, the name there and the name here; of a whole module no names."""
        package = self.module.split(".")[: None if self.is_package else -1]
        found: list[tuple[str, str, str]] = []
        for node in ast.walk(ast.parse(self.text)):
            if isinstance(node, ast.Import):
                found += ((alias.name, "", "") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = package[: len(package) - node.level + 1] if node.level else []
                module = ".".join([*above, *filter(None, [node.module])])
                found += ((module, alias.name, alias.asname or alias.name) for alias in node.names)
                found += ((f"{module}.{alias.name}", "", "") for alias in node.names)
        return found

    def names_of(self, what: ClassName) -> set[str]:
        """How the file calls what is defined there, or in a package that hands it on."""
        names = {what.name} if self.module == what.module else set()
        for module, name, here in self.imports:
            if name in (what.name, "*", "") and f"{what.module}.".startswith(f"{module}."):
                names.add(here if name == what.name else what.name)
        return names


@functools.lru_cache(maxsize=1)
def _files(folder: Path) -> dict[str, _File]:
    files: dict[str, _File] = {}
    for path in sorted(folder.rglob("*.py")):
        module, text = module_of(path.relative_to(folder).as_posix()), path.read_text("utf-8", "replace")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            continue
        files[module] = _File(module, text, path.stem == "__init__")
    return files


def _mentioning(files: Iterable[_File], what: ClassName) -> Iterator[ClassName]:
    for file in files:
        if what.name in file.words:
            names = file.names_of(what)
            for definition, mentioned in file.definitions.items() if names else ():
                if definition and not names.isdisjoint(mentioned):
                    yield ClassName(file.module, definition)


def _touched(file: _File, text: str) -> Iterator[ClassName]:
    """The definitions that another text has otherwise; all where something else differs."""
    before, after = _definitions(file.text), _definitions(text)
    differs = {
        name
        for name in after
        if list(map(ast.dump, before.get(name, []))) != list(map(ast.dump, after[name]))
    }
    names = after if "" in differs or before.keys() != after.keys() else differs
    return (ClassName(file.module, name) for name in names if name)


def _definitions(text: str) -> dict[str, list[ast.stmt]]:
    found: dict[str, list[ast.stmt]] = {"": []}
    for node in top_level(ast.parse(text).body):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            found.setdefault(node.name, []).append(node)
        elif not isinstance(node, (ast.If, ast.Try)):
            found[""].append(node)
    return found


def _names(nodes: Iterable[ast.stmt]) -> Iterator[str]:
    for node in nodes:
        for part in ast.walk(node):
            if isinstance(part, (ast.Name, ast.Attribute)):
                yield part.id if isinstance(part, ast.Name) else part.attr
