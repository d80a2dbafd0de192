"""What a ``pyproject.toml`` requires: in the standard's tables, and in those of other tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tie_lint.requirements.source import NAME, SourceFile, Stated, Tables
from tie_lint.requirements.specifier import Requirement, from_conda, from_poetry, requirements, together

Found = tuple[str, list[Requirement]]
"""The name of a table, and what it requires."""


_READ_FROM_FILES = ("setuptools.dynamic", "requirements_txt")
"""Tables that name the files in which requirements stand."""


def stated(source: SourceFile) -> Iterator[Stated]:
    """Yield what each table requires: what holds for the package first, then what is for work on it."""
    pyproject = Tables(source, source.tables(*_READ_FROM_FILES))
    for tables in (_uv_overrides, _project, _dynamic, _poetry, _pixi, _optional, _groups, _tools):
        for table, found in tables(pyproject, source):
            if specifier := together(found):
                yield Stated(specifier, source.path, f"[{table}]")


def stated_by_pixi(source: SourceFile) -> Iterator[Stated]:
    """Yield what each table of a ``pixi.toml`` requires."""
    pixi = Tables(source, source.tables())
    for table, found in _pixi_tables(pixi, source, ()):
        if specifier := together(found):
            yield Stated(specifier, source.path, f"[{table}]")


def _uv_overrides(tables: Tables, source: SourceFile) -> Iterator[Found]:
    yield "tool.uv", requirements(tables.lines("tool", "uv", "override-dependencies"))


def _project(tables: Tables, source: SourceFile) -> Iterator[Found]:
    lines = (tables.lines("project", "dependencies"), tables.lines("tool", "uv", "constraint-dependencies"))
    own, constraints = map(requirements, lines)
    yield "project", [*own, *constraints] if own else []


def _dynamic(tables: Tables, source: SourceFile) -> Iterator[Found]:
    """The files that dependencies are read from when the package is built."""
    dynamic = tables.table("tool", "setuptools", "dynamic").get("dependencies")
    names = dynamic.get("file") if isinstance(dynamic, dict) else None
    hatch = tables.table("tool", "hatch", "metadata", "hooks", "requirements_txt").get("files")
    if names or hatch:
        from tie_lint.requirements import pip_files

    for value in (names, hatch):
        for name in [value] if isinstance(value, str) else value if isinstance(value, list) else []:
            if isinstance(name, str):
                yield f"project, from {name}", pip_files.required(source.beside(name))


def _optional(tables: Tables, source: SourceFile) -> Iterator[Found]:
    for extra in tables.below("project", "optional-dependencies"):
        lines = tables.lines("project", "optional-dependencies", extra)
        yield f"project.optional-dependencies.{extra}", requirements(lines)


def _groups(tables: Tables, source: SourceFile) -> Iterator[Found]:
    """Dependency groups; one that is included in another is read under its own name."""
    for group in tables.below("dependency-groups"):
        yield f"dependency-groups.{group}", requirements(tables.lines("dependency-groups", group))


def _poetry(tables: Tables, source: SourceFile) -> Iterator[Found]:
    places: list[tuple[str, ...]] = [("dependencies",), ("dev-dependencies",)]
    places += [("group", group, "dependencies") for group in tables.below("tool", "poetry", "group")]
    for place in places:
        keys = ("tool", "poetry", *place)
        yield ".".join(keys), _by_name(tables, source, keys, from_poetry)


def _pixi(tables: Tables, source: SourceFile) -> Iterator[Found]:
    yield from _pixi_tables(tables, source, ("tool", "pixi"))


def _pixi_tables(tables: Tables, source: SourceFile, root: tuple[str, ...]) -> Iterator[Found]:
    features = [("feature", feature) for feature in tables.below(*root, "feature")]
    for place in ((), *features):
        for name in ("dependencies", "pypi-dependencies"):
            keys = (*root, *place, name)
            yield ".".join(keys), _by_name(tables, source, keys, from_conda)


def _tools(tables: Tables, source: SourceFile) -> Iterator[Found]:
    """What hatch, uv and PDM have for those who work on the package."""
    yield "tool.uv", requirements(tables.lines("tool", "uv", "dev-dependencies"))
    for group in tables.below("tool", "pdm", "dev-dependencies"):
        lines = tables.lines("tool", "pdm", "dev-dependencies", group)
        yield f"tool.pdm.dev-dependencies.{group}", requirements(lines)
    for env in tables.below("tool", "hatch", "envs"):
        for name in ("dependencies", "extra-dependencies"):
            yield f"tool.hatch.envs.{env}", requirements(tables.lines("tool", "hatch", "envs", env, name))


def _by_name(
    tables: Tables, source: SourceFile, keys: tuple[str, ...], translate: Callable[[object], str]
) -> list[Requirement]:
    """What a table from names to versions requires: a version, a table with one, or a list of them."""
    value: Any = tables.table(*keys).get(NAME)
    items = value if isinstance(value, list) else [] if value is None else [value]
    found = []
    for item in items:
        version = item.get("version", "") if isinstance(item, dict) else item
        try:
            found.append(Requirement(translate(version) if version else "", isinstance(value, list)))
        except ValueError:  # InvalidSpecifier, a number that is too long, or no string
            source.ignored(".".join((*keys, NAME)), "a version", version)
    return [] if any(not one.specifier for one in found) else found
