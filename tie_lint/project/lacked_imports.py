"""Imports that name what the library does not have: importing the file fails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.interpreter.base_values import External
from tie_lint.interpreter.caches import Cache
from tie_lint.library.tree import PACKAGE
from tie_lint.project.project import reached

if TYPE_CHECKING:
    from tie_lint.project.project import Project
    from tie_lint.project.scope import Scope


def lacks_imports(project: Project, path: Path) -> bool:
    """Return whether the library lacks what a local file, or one that it uses, imports of it in any case.

    Names that the library itself imports of others are not all known: they count as lacking.
    """
    local = (scope for scope in reached(project.file(path)) if scope.path is not None)
    known = _LACKS.of(project, dict)
    return any(
        known[scope] if scope in known else known.setdefault(scope, _lacks(project, scope)) for scope in local
    )


_LACKS: Cache[dict[Scope, bool]] = Cache()
"""Of each module of a project."""


def _lacks(project: Project, scope: Scope) -> bool:
    found = (binding for name in scope.facts.names() for binding in scope.facts.bindings(name))
    always = (binding.detail for binding in found if binding.kind == "import" and not binding.guards)
    return any(
        isinstance(value := project.imported(scope, module, level, attribute), External)
        and value.name.startswith(f"{PACKAGE}.")
        for module, level, attribute in always
        if not level and module.partition(".")[0] == PACKAGE
    )
