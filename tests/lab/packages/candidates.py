"""Which classes of a package may be model classes, by name alone: whoever imports them finds out.

A candidate is a class at the top level of a module one of whose bases has the last name of a model class of the
library, or of a candidate.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from pathlib import Path

from tests.lab.truth.classes import ClassName

ROOT = "PreTrainedModel"


def candidates(folder: Path, library: Path) -> list[ClassName]:
    """The candidates below a folder, sorted; ``library`` is the folder of the package ``transformers``."""
    models = {ROOT}
    _derived([base for _, base in _classes(library)], models)
    classes = list(_classes(folder))
    _derived([base for _, base in classes], models)
    return sorted({name for name, (own, bases) in classes if own in models and bases})


def _derived(classes: list[tuple[str, set[str]]], models: set[str]) -> None:
    """Add the names of all classes that derive from one of the models."""
    before = -1
    while before != len(models):
        before = len(models)
        models.update(name for name, bases in classes if not bases.isdisjoint(models))


def _classes(folder: Path) -> Iterator[tuple[ClassName, tuple[str, set[str]]]]:
    """All classes with bases at the top level of modules: where, and (name, last names of the bases)."""
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        if not all(part.isidentifier() for part in parts):
            continue
        for node in _top_level(_parsed(path).body):
            if isinstance(node, ast.ClassDef):
                bases = {_last_name(base) for base in node.bases}
                yield ClassName(".".join(parts), node.name), (node.name, bases)


def _parsed(path: Path) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, and those behind its conditions."""
    for node in body:
        yield node
        if isinstance(node, (ast.If, ast.Try)):
            handlers = [statement for handler in getattr(node, "handlers", []) for statement in handler.body]
            yield from _top_level([*node.body, *handlers, *node.orelse])


def _last_name(base: ast.expr) -> str:
    if isinstance(base, ast.Subscript):
        base = base.value
    return base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
