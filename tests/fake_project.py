"""A project that knows one thing: a class with an ``__init__`` and no output getter lacks TIE001's."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.views import HEADLESS, view
from tie_lint.python.outline import parse

if TYPE_CHECKING:
    from tie_lint.lint import Views
    from tie_lint.model.view import ModelView


def open_fake_project(release: str) -> Views:
    """In place of ``tie_lint.lint.open_project``."""
    return fake_views


def fake_views(path: Path, text: str) -> Iterator[ModelView]:
    """A view of every class."""
    for node in parse(text).body:
        if isinstance(node, ast.ClassDef):
            methods = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
            bad = "__init__" in methods and "get_output_embeddings" not in methods
            yield view(node.name, line=node.lineno, **(HEADLESS if bad else {}))
