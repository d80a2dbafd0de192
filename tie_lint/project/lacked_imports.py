"""Imports that name what the library does not have: importing the file fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.interpreter.caches import Cache
from tie_lint.library.tree import PACKAGE
from tie_lint.project.imports import imports_of, modules_run_with
from tie_lint.project.scope import is_lacking
from tie_lint.record import NamedTuple

if TYPE_CHECKING:
    from tie_lint.project.project import Project
    from tie_lint.project.scope import Scope


class LackedImport(NamedTuple):
    """What a file imports in any case, and the release does not have."""

    module: str
    name: str | None
    """A name in the module; None where there is no such module."""
    known: str
    """A release that has it."""


def lacked_import(project: Project, path: Path) -> LackedImport | None:
    """Return the first import of a local file that is certain to fail; None where none is known to."""
    lacking = _lacking(project, project.file(path))
    return _gone(project, lacking) if lacking and project.library.facts_release == project.release else None


def _gone(project: Project, lacking: list[tuple[str, str | None]]) -> LackedImport | None:
    """The first import that another release of the library has."""
    from tie_lint.library.bundled import bundled_releases
    from tie_lint.library.index import library
    from tie_lint.library.lacking import is_gone

    for module, name in lacking:
        for release in reversed(bundled_releases()):
            if is_gone(project.library, library(release), module, name):
                is_there = project.library.module(module) is not None
                return LackedImport(module, name if is_there else None, release)
    return None


def lacks_imports(project: Project, path: Path) -> bool:
    """Return whether the library may lack what a local file, or one that is run with it, imports in any
    case."""
    return any(_lacking(project, scope) for scope in modules_run_with(project.file(path)))


_LACKING: Cache[dict[Scope, list[tuple[str, str | None]]]] = Cache()


def _lacking(project: Project, scope: Scope) -> list[tuple[str, str | None]]:
    """The modules and names that are imported under no condition, and that the facts do not have."""
    known = _LACKING.of(project, dict)
    if scope not in known:
        known[scope] = [*_look_for(scope)]
    return known[scope]


def _look_for(scope: Scope) -> Iterator[tuple[str, str | None]]:
    for module, level, name in imports_of(scope, guarded=False):
        is_of_library = not level and module.partition(".")[0] == PACKAGE
        if is_of_library and is_lacking(scope, module, level, name):
            yield module, name
