"""Which names of a module a class rests on, going by its text: bases, parts, helpers, and theirs in turn."""

from __future__ import annotations

import ast
import functools
from collections import defaultdict

from tests.lab.mutants.source_edits import assigned, find_class, parsed


def classes(text: str) -> list[str]:
    """The module-level classes of a text, in its order."""
    return list(dict.fromkeys(node.name for node in parsed(text).body if isinstance(node, ast.ClassDef)))


@functools.lru_cache(maxsize=16)
def reach(text: str, class_name: str) -> frozenset[str]:
    """The module-level names that the class mentions anywhere, itself or through others; with itself."""
    mentions, reached, todo = _mentions(text), {class_name}, [class_name]
    while todo:
        new = mentions[todo.pop()] - reached
        reached |= new
        todo.extend(new)
    return frozenset(reached)


def ancestors(text: str, class_name: str) -> frozenset[str]:
    """The class and those of its bases that the same file defines, and theirs in turn."""
    cls = find_class(text, class_name)
    bases = [base.id for base in cls.bases if isinstance(base, ast.Name)] if cls is not None else []
    return frozenset([class_name]).union(*(ancestors(text, base) for base in bases if find_class(text, base)))


@functools.lru_cache(maxsize=4)
def _mentions(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for node in parsed(text).body:
        names = [node.name] if isinstance(node, (ast.ClassDef, ast.FunctionDef)) else assigned(node)
        mentioned = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        for name in names:
            found[name] |= mentioned
    return defaultdict(set, {name: mentioned & found.keys() for name, mentioned in found.items()})
