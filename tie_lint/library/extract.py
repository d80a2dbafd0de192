"""What the bundle holds of one release, as JSON-able documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tie_lint.library.exports import Exports
from tie_lint.library.reachable import Kept, Reachable
from tie_lint.library.strip_positions import strip
from tie_lint.library.tree import PACKAGE, SourceTree
from tie_lint.python.facts import STATEMENTS, Binding
from tie_lint.python.outline import OutlineBinding
from tie_lint.python.statements import NOWHERE, OpaqueStmt

_LEFT_OUT = Binding("value", OpaqueStmt(NOWHERE, "left out"), []).as_json()


def extract(tree: SourceTree) -> dict[str, Any]:
    """Return what is bundled of a release: its packages, left-out modules, exports, and facts of
    the others.
    """
    exports = Exports(tree)
    names = [PACKAGE, *tree.below(PACKAGE)]
    packages = [dotted for dotted in names if tree.is_package(dotted)]
    reachable = Reachable(tree, exports)
    kept = reachable.run()
    for package in packages:
        if not exports.is_lazy(package):
            reachable.module(package)
    return {
        "packages": packages,
        "left out": [dotted for dotted in names if dotted not in kept and not tree.is_package(dotted)],
        "exports": export_tables(exports, packages),
        "modules": {dotted: module_data(kept[dotted], exports.is_lazy(dotted)) for dotted in sorted(kept)},
    }


def module_data(module: Kept, lazy: bool = False) -> dict[str, Any]:
    """Return a module in the form that ``StoredModule`` reads.

    Every name it binds is there, kept or not, but of a lazy package, whose exports are kept elsewhere.
    """
    outline = module.source.outline
    names = sorted(module.names & outline.bindings.keys() if lazy else outline.bindings)
    bindings = {name: _bindings(module, name) for name in names}
    return {
        "bindings": {name: found for name, found in bindings.items() if found},
        "stars": outline.stars,
        "classes": {key: _class_data(module, key) for key in sorted(module.classes)},
        "functions": {key: module.functions[key].as_json() for key in sorted(module.functions)},
    }


def export_tables(exports: Exports, packages: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """For each package, the names it exports by defining module.

    Left out is what follows from the top-level table: a name defined below the package itself.
    """
    top = exports.table(PACKAGE)
    tables = {PACKAGE: _by_module(top)}
    for package in packages:
        table = exports.table(package) if package != PACKAGE else {}
        own = {
            name: module
            for name, module in table.items()
            if top.get(name) != module or not module.startswith(f"{package}.")
        }
        if own:
            tables[package] = _by_module(own)
    return tables


def _class_data(module: Kept, key: str) -> list[Any]:
    facts = module.classes[key]
    facts.methods = {name: facts.methods[name] for name in sorted(facts.methods)}
    return facts.as_json()


def _bindings(module: Kept, name: str) -> list[list[Any]]:
    """The bindings of a name; one that says "left out" where nothing that is kept needs the name."""
    found = module.source.outline.bindings[name]
    if name not in module.names:
        kept = [_unneeded(binding) for binding in found[-1:]]
        return [binding for binding in kept if binding is not None]
    return [_kept(binding) for binding in module.source.bindings(name)]


def _unneeded(binding: OutlineBinding) -> list[Any] | None:
    """The trace of what was left out: nothing of imports from elsewhere, the key of a function."""
    if binding.kind == "import":
        module, level, _ = binding.detail
        return ["import", binding.detail, []] if level or module.partition(".")[0] == PACKAGE else None
    return ["def", binding.detail, []] if binding.kind == "def" else _LEFT_OUT


def _kept(binding: Binding) -> list[Any]:
    if binding.kind in STATEMENTS:
        return Binding(binding.kind, strip(binding.detail), binding.guards).as_json()
    return binding.as_json()


def _by_module(table: dict[str, str]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, module in sorted(table.items()):
        grouped.setdefault(module, []).append(name)
    return dict(sorted(grouped.items()))
