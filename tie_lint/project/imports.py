"""Which local modules the imports of a module lead to, as its text has them: whoever asked before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tie_lint.interpreter.base_values import External
from tie_lint.python.disk import folder_of

MOST_MODULES = 200
"""The modules that are gone through for one."""


def modules_imported_by(scope: Any) -> list[Any]:
    """Return a module and the local modules that it imports, those that these import …"""
    found = [scope]
    for item in found:  # which grows meanwhile
        for other in _imported(item, guarded=True):
            if len(found) < MOST_MODULES and other not in found:
                found.append(other)
    return found


def modules_run_with(scope: Any) -> list[Any]:
    """Return a module and the local modules that are run in any case when it is imported: what it imports
    under no condition, the packages that these are in, what they import …"""
    found = [scope]
    for item in found:  # which grows meanwhile
        for other in (*_packages(item), *_imported(item, guarded=False)):
            if len(found) < MOST_MODULES and other not in found:
                found.append(other)
    return found


def imports_of(scope: Any, *, guarded: bool) -> Iterator[tuple[str, int, str | None]]:
    """Yield module, level and name of what a module imports, or of what it imports under no condition."""
    for bound in sorted(scope.facts.names()):
        for binding in scope.facts.bindings(bound):
            if binding.kind == "import" and (guarded or not binding.guards):
                yield tuple(binding.detail)


def _imported(scope: Any, *, guarded: bool) -> Iterator[Any]:
    for module, level, _ in imports_of(scope, guarded=guarded):
        other = scope.project.imported_module(scope, module, level)
        if not isinstance(other, External) and other.path is not None:
            yield other


def _packages(scope: Any) -> Iterator[Any]:
    """The packages that a module is in, from the inside outwards."""
    folder = scope.folder
    while folder not in (scope.root, folder_of(folder)):
        package = scope.project.package(folder)
        if package is not None:
            yield package
        folder = folder_of(folder)
