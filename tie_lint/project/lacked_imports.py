"""Imports that name what the library does not have: importing the file fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Function
from tie_lint.library.bundled import bundled_releases
from tie_lint.library.tree import PACKAGE
from tie_lint.project.project import reached
from tie_lint.record import NamedTuple

if TYPE_CHECKING:
    from tie_lint.project.project import Project
    from tie_lint.project.scope import Scope


class LackedImport(NamedTuple):
    """What a file imports in any case, and the release does not have."""

    module: str
    name: str
    known: str
    """A release that has it."""


def lacked_import(project: Project, path: Path) -> LackedImport | None:
    """Return the first import of a local file that is certain to fail; None where none is known to.

    The facts of a release leave out what a module imports of other packages and nothing needs: a name that
    they lack is taken to be gone only if in another release it is a class or function of the library.
    """
    scope = project.file(path)
    for module, name in _lacking(project, scope):
        if project.library.facts_release != project.release:
            return None
        for release in reversed(bundled_releases()):
            other = project.under(release)
            value = other.imported(other.file(path), module, 0, name)
            if not isinstance(value, (Class, Function)) or value.scope.path is not None:
                continue
            if value.scope.dotted == module or module.rpartition(".")[2].startswith("modeling_"):
                return LackedImport(module, name, release)
    return None


def lacks_imports(project: Project, path: Path) -> bool:
    """Return whether the library may lack what a local file, or one that it uses, imports in any case."""
    local = (scope for scope in reached(project.file(path)) if scope.path is not None)
    return any(_lacking(project, scope) for scope in local)


_LACKING: Cache[dict[Scope, list[tuple[str, str]]]] = Cache()


def _lacking(project: Project, scope: Scope) -> list[tuple[str, str]]:
    """The modules and names that are imported under no condition, and that the facts do not have."""
    known = _LACKING.of(project, dict)
    if scope not in known:
        known[scope] = [*_look_for(scope)]
    return known[scope]


def _look_for(scope: Scope) -> Iterator[tuple[str, str]]:
    for bound in sorted(scope.facts.names()):
        for binding in scope.facts.bindings(bound):
            if binding.kind == "import" and not binding.guards:
                module, level, name = binding.detail
                is_of_library = not level and module.partition(".")[0] == PACKAGE
                if is_of_library and name is not None and scope.is_lacking(module, level, name):
                    yield module, name
