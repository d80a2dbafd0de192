"""Rebuild the bundled facts: ``python -m tie_lint.library.bundle WHEEL_OR_SOURCE_DIR…``.

Each argument is a wheel of transformers or a directory that holds (or is) its ``transformers`` package.
For each, ``data/RELEASE.facts`` is written. The same input gives the same bytes.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tie_lint.library.archive import pack, to_text
from tie_lint.library.closure import Closure, Kept
from tie_lint.library.compaction import find_dictionary, find_phrases
from tie_lint.library.exports import Exports
from tie_lint.library.lean import lean_class, lean_function, lean_statement
from tie_lint.library.tree import PACKAGE, SourceTree

DATA = Path(__file__).parent / "data"
EXPORTS = "exports"
"""The name of the document that holds the export tables."""


def main(arguments: Sequence[str]) -> int:
    """The command."""
    if not arguments:
        print(__doc__)
        return 2
    for argument in arguments:
        with source_tree(Path(argument)) as tree:
            release = tree.release()
            target = DATA / f"{release}.facts"
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(bundle(tree))
            print(f"{target.name}: {target.stat().st_size:,} bytes")
    return 0


@contextmanager
def source_tree(path: Path) -> Iterator[SourceTree]:
    """The source of a wheel or a directory."""
    if path.is_dir():
        inner = path / PACKAGE
        yield SourceTree(inner if inner.is_dir() else path)
        return
    with tempfile.TemporaryDirectory() as unpacked, zipfile.ZipFile(path) as wheel:
        members = [
            name for name in wheel.namelist() if name.startswith(f"{PACKAGE}/") and name.endswith(".py")
        ]
        wheel.extractall(unpacked, members)
        yield SourceTree(Path(unpacked, PACKAGE))


def bundle(tree: SourceTree) -> bytes:
    """The archive of a release's facts."""
    exports = Exports(tree)
    kept = Closure(tree, exports).run()
    documents: dict[str, Any] = {dotted: module_data(module) for dotted, module in kept.items()}
    documents = {dotted: data for dotted, data in documents.items() if data["bindings"]}
    texts = [to_text(documents[dotted]) for dotted in sorted(documents)]
    phrases = find_phrases(texts)
    dictionary = find_dictionary((documents[dotted] for dotted in sorted(documents)), phrases)
    packages = [dotted for dotted in [PACKAGE, *tree.below(PACKAGE)] if tree.is_package(dotted)]
    documents[EXPORTS] = export_tables(exports, packages)
    head = {"release": tree.release(), "packages": packages}
    return pack(documents, head, phrases, dictionary)


def module_data(module: Kept) -> dict[str, Any]:
    """The kept part of a module in the form that ``StoredModule`` reads."""
    source = module.source
    classes, functions = {}, {}
    for key in sorted(module.classes):
        facts = source.class_facts(key)
        methods = {name: facts.methods[name] for name in facts.method_names() if name in module.classes[key]}
        classes[key] = lean_class(facts, methods).as_json()
    for key in sorted(module.functions):
        if (function := source.function_facts(key)) is not None:
            functions[key] = lean_function(function).as_json()
    return {
        "bindings": {name: _bindings(module, name) for name in module.names_kept()},
        "stars": source.stars(),
        "classes": classes,
        "functions": functions,
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


def _by_module(table: dict[str, str]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, module in sorted(table.items()):
        grouped.setdefault(module, []).append(name)
    return dict(sorted(grouped.items()))


def _bindings(module: Kept, name: str) -> list[list[Any]]:
    found = []
    for binding in module.source.bindings(name):
        if binding.kind in ("value", "update"):
            binding.detail = lean_statement(binding.detail)
        found.append(binding.as_json())
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
