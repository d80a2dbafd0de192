"""Which classes of a package may be model classes, by name alone: whoever imports them finds out.

A candidate is a class at the top level of a module with a base whose last name is that of a model class of
the library, or of another candidate.
"""

from __future__ import annotations

import ast
import functools
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from tests.lab.truth.classes import ClassName

ROOTS = frozenset({"PreTrainedModel"})
Classes = list[tuple[ClassName, set[str]]]


def candidates(folder: Path, library: Path) -> list[ClassName]:
    """The candidates below a folder, sorted; ``library`` is the folder of the package ``transformers``."""
    classes = list(_classes(folder))
    models = _derived(classes, _models(library))
    return sorted({name for name, bases in classes if name.name in models and bases})


@functools.cache
def _models(library: Path) -> frozenset[str]:
    """The names of the library's model classes: its code is plain, so that a pattern finds them."""
    files = (path.read_text(encoding="utf-8") for path in sorted(library.rglob("model*.py")))
    heads = (head for text in files for head in re.findall(r"^class (\w+)\(([^()]*)\)", text, re.MULTILINE))
    return _derived([(ClassName("", name), set(re.findall(r"\w+", bases))) for name, bases in heads], ROOTS)


def _derived(classes: Classes, models: frozenset[str]) -> frozenset[str]:
    """The names of the models, and of all classes that derive from one of them by name."""
    found, before = set(models), -1
    while before != len(found):
        before = len(found)
        found.update(name.name for name, bases in classes if not bases.isdisjoint(found))
    return frozenset(found)


def _classes(folder: Path) -> Iterator[tuple[ClassName, set[str]]]:
    """All classes with bases at the top level of modules: where, and the last names of the bases."""
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        if not all(part.isidentifier() for part in parts):
            continue
        for node in top_level(_parsed(path).body):
            if isinstance(node, ast.ClassDef):
                bases = {_last_name(base) for base in node.bases}
                yield ClassName(".".join(parts), node.name), bases


def _parsed(path: Path) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, and those behind its conditions."""
    for node in body:
        yield node
        if isinstance(node, (ast.If, ast.Try)):
            handlers = [statement for handler in getattr(node, "handlers", []) for statement in handler.body]
            yield from top_level([*node.body, *handlers, *node.orelse])


def _last_name(base: ast.expr) -> str:
    if isinstance(base, ast.Subscript):
        base = base.value
    return base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
