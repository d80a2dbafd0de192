"""Which models an edit of a file can affect: those that are made of a class with the edit in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.interpreter.classes import Class
from tie_lint.intrinsics.torch import module_tree

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView


def parts_of(view: ModelView, path: Path | None = None) -> frozenset[str]:
    """Return the classes of a file, None for the model's own, that the model derives from or holds, or that
    what it holds derives from; without what it holds where it cannot be built."""
    path = path or view.cls.scope.path
    classes = dict.fromkeys([view.cls, *_held(view)])
    bases = dict.fromkeys(base for cls in classes for base in cls.mro if isinstance(base, Class))
    return frozenset(base.leaf for base in bases if base.scope.path == path)


def _held(view: ModelView) -> Iterator[Class]:
    model = view.models.default.model
    if model is not None:
        for _, module in module_tree.named_modules(model, module_tree.only_built):
            if isinstance(module.cls, Class):
                yield module.cls
