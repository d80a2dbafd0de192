"""``post_init()``: deleted, or called too early."""

from __future__ import annotations

import ast

from tests.lab.mutants.head_attributes import head_attribute
from tests.lab.mutants.operators import operator
from tests.lab.mutants.source_edits import (
    assigned_on_self,
    calls_on_self,
    find_class,
    method,
    with_line_after,
    with_line_before,
    without,
)


@operator("TIE005", shows_in=("load",))
def delete_post_init(text: str, class_name: str) -> str | None:
    """Without any ``self.post_init()`` in the class's own ``__init__``."""
    cls = find_class(text, class_name)
    init = None if cls is None else method(cls, "__init__")
    if cls is None or init is None or not (calls := calls_on_self(init, "post_init")):
        return None
    return without(text, cls, calls)


@operator("TIE107", "TIE005", shows_in=("load",))
def early_post_init(text: str, class_name: str) -> str | None:
    """``self.post_init()`` before the head is made or, in a class that makes none, before anything is."""
    cls = find_class(text, class_name)
    init = None if cls is None else method(cls, "__init__")
    if cls is None or init is None or not (calls := calls_on_self(init, "post_init")):
        return None
    last = calls[-1]
    head = _top_level(init, head_attribute(text, class_name))
    if head is not None and head.lineno < last.lineno:
        return with_line_before(without(text, cls, calls), head, "self.post_init()")
    start = next((node for node in init.body if "super().__init__" in ast.unparse(node)), None)
    if start is None or start.lineno >= last.lineno:
        return None
    return with_line_after(without(text, cls, calls), start, "self.post_init()")


def _top_level(init: ast.FunctionDef, name: str | None) -> ast.stmt | None:
    """The statement of the function's own body that, itself or inside, first assigns ``self.<name>``."""
    lines = [made.lineno for found, made in assigned_on_self(init) if found == name]
    if not lines:
        return None
    return next(node for node in init.body if node.lineno <= lines[0] <= (node.end_lineno or node.lineno))
