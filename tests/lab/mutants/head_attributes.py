"""Which attribute of a class holds its head, and which its backbone, going by its text alone."""

from __future__ import annotations

import ast

from tests.lab.mutants.source_edits import assigned_on_self, attribute, find_class, method, self_chain, string


def head_attribute(text: str, class_name: str) -> str | None:
    """The attribute made in ``__init__`` that the output getter, or else a tied key, speaks of.

    None where that is the backbone, which has its own embedding for a head.
    """
    cls = find_class(text, class_name)
    init = None if cls is None else method(cls, "__init__")
    if cls is None or init is None:
        return None
    made = {name for name, _ in assigned_on_self(init)} - {backbone_attribute(text, class_name)}
    spoken_of = [*_returned(cls, "get_output_embeddings"), *_own_keys(cls)]
    return next((name for name in spoken_of if name in made), None)


def backbone_attribute(text: str, class_name: str) -> str | None:
    """The attribute made in the class's ``__init__`` that has the name of the family's prefix."""
    cls = find_class(text, class_name)
    init = None if cls is None else method(cls, "__init__")
    prefix = _prefix(text, class_name)
    if init is None or prefix is None:
        return None
    return prefix if prefix in {name for name, _ in assigned_on_self(init)} else None


def made_head(text: str, class_name: str) -> tuple[str, ast.stmt, ast.Call] | None:
    """The attribute that holds the head, and the statement and the call that make it, an ``nn.Linear``."""
    cls, head = find_class(text, class_name), head_attribute(text, class_name)
    init = None if cls is None else method(cls, "__init__")
    for name, statement in assigned_on_self(init) if init is not None else ():
        call = getattr(statement, "value", None)
        if name == head and isinstance(call, ast.Call) and ast.unparse(call.func).endswith("nn.Linear"):
            return name, statement, call
    return None


def _returned(cls: ast.ClassDef, name: str) -> list[str]:
    getter = method(cls, name)
    returns = [node for node in ast.walk(getter) if isinstance(node, ast.Return)] if getter else []
    return [chain[0] for node in returns if (chain := self_chain(node.value))]


def _own_keys(cls: ast.ClassDef) -> list[str]:
    """The modules whose very own parameter a key names: ``lm_head`` for ``lm_head.weight``."""
    found = attribute(cls, "_tied_weights_keys")
    value = None if found is None else found.value
    nodes = value.keys if isinstance(value, ast.Dict) else value.elts if isinstance(value, ast.List) else []
    keys = filter(None, map(string, nodes))
    return [key.partition(".")[0] for key in keys if key.count(".") == 1]


def _prefix(text: str, class_name: str) -> str | None:
    """The ``base_model_prefix`` that the class declares or inherits from a class of the same file."""
    cls = find_class(text, class_name)
    if cls is None:
        return None
    found = attribute(cls, "base_model_prefix")
    if found is not None:
        return string(found.value)
    inherited = [_prefix(text, base.id) for base in cls.bases if isinstance(base, ast.Name)]
    return next((prefix for prefix in inherited if prefix is not None), None)
