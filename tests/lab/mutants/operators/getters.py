"""Getters and setters of the embeddings: deleted, or returning another module."""

from __future__ import annotations

import ast

from tests.lab.mutants.operators import operator
from tests.lab.mutants.source_edits import (
    assigned_on_self,
    edited,
    find_class,
    method,
    self_chain,
    without,
)


@operator("TIE001", "TIE103")
def delete_output_getter(text: str, class_name: str) -> str | None:
    """Without the class's own ``get_output_embeddings``: the inherited one returns nothing or another."""
    return _without_method(text, class_name, "get_output_embeddings")


@operator("TIE002", "TIE104")
def delete_input_getter(text: str, class_name: str) -> str | None:
    """Without the class's own ``get_input_embeddings``: what it inherits fails or returns something else."""
    return _without_method(text, class_name, "get_input_embeddings")


@operator("TIE401")
def delete_output_setter(text: str, class_name: str) -> str | None:
    """Without the class's own ``set_output_embeddings``."""
    return _without_method(text, class_name, "set_output_embeddings")


@operator("TIE402")
def delete_input_setter(text: str, class_name: str) -> str | None:
    """Without the class's own ``set_input_embeddings``."""
    return _without_method(text, class_name, "set_input_embeddings")


@operator("TIE103", "TIE001")
def wrong_output_getter(text: str, class_name: str) -> str | None:
    """The output getter returns the module around the head, or another of the model's modules.

    The first is TIE001's ("returns a module around the head") as well as TIE103's.
    """
    return _with_wrong_return(text, class_name, "get_output_embeddings")


@operator("TIE104", "TIE002")
def wrong_input_getter(text: str, class_name: str) -> str | None:
    """The input getter returns the module around the embedding, or another of the model's modules.

    Where nothing is tied TIE104 has no head to hold it against, and what is left is a model without an
    effective input getter.
    """
    return _with_wrong_return(text, class_name, "get_input_embeddings")


def _without_method(text: str, class_name: str, name: str) -> str | None:
    cls = find_class(text, class_name)
    found = None if cls is None else method(cls, name)
    return None if cls is None or found is None else without(text, cls, [found])


def _with_wrong_return(text: str, class_name: str, name: str) -> str | None:
    cls = find_class(text, class_name)
    getter = None if cls is None else method(cls, name)
    if cls is None or getter is None:
        return None
    values = [
        node.value for node in ast.walk(getter) if isinstance(node, ast.Return) and node.value is not None
    ]
    edits = [(value, wrong) for value in values if (wrong := _other_module(cls, value)) is not None]
    return edited(text, edits) if edits else None


def _other_module(cls: ast.ClassDef, value: ast.expr) -> str | None:
    """Source of a module near the one that a getter returns; None where it returns no module of its own."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        inner = value.func.value  # `self.model.get_input_embeddings()`
        return ast.unparse(inner) if self_chain(inner) else None
    chain = self_chain(value)
    if chain is None:
        return None
    if len(chain) > 1:
        return ".".join(["self", *chain[:-1]])
    init = method(cls, "__init__")
    others = [name for name, made in assigned_on_self(init) if _makes_module(made)] if init else []
    return next((f"self.{name}" for name in others if name != chain[0]), None)


def _makes_module(statement: ast.stmt) -> bool:
    value = getattr(statement, "value", None)
    return isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2][:1].isupper()
