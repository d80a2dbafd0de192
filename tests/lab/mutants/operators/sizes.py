"""The head or the embedding made twice as wide as the model, in whatever class makes it.

The class need not be a model: what suffers, and is reported, are the models that hold it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.lab.mutants.operators import operator
from tests.lab.mutants.source_edits import argument, edited, find_class


@operator("TIE105")
def wide_head(text: str, class_name: str) -> str | None:
    """Every ``nn.Linear`` onto a vocabulary takes an input twice as wide."""
    return _widened(text, class_name, "Linear", vocabulary=("out_features", 1), width=("in_features", 0))


@operator("TIE105")
def wide_embedding(text: str, class_name: str) -> str | None:
    """Every embedding of a vocabulary is twice as wide."""
    return _widened(
        text, class_name, "Embedding", vocabulary=("num_embeddings", 0), width=("embedding_dim", 1)
    )


def _widened(
    text: str, class_name: str, made: str, vocabulary: tuple[str, int], width: tuple[str, int]
) -> str | None:
    cls = find_class(text, class_name)
    if cls is None:
        return None
    edits = []
    for call in _calls(cls, made):
        rows, columns = argument(call, *vocabulary), argument(call, *width)
        if rows is not None and columns is not None and "vocab_size" in ast.unparse(rows):
            edits.append((columns, f"2 * ({ast.unparse(columns)})"))
    return edited(text, edits) if edits else None


def _calls(cls: ast.ClassDef, made: str) -> Iterator[ast.Call]:
    for node in ast.walk(cls):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(made):
            yield node
