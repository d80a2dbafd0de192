"""The head handed out is another one, or it is made in a roundabout way."""

from __future__ import annotations

import ast

from tests.lab.mutants.head_attributes import made_head
from tests.lab.mutants.operators import operator
from tests.lab.mutants.source_edits import (
    argument,
    attribute,
    edited,
    find_class,
    method,
    with_line_after,
    with_lines_after,
    with_lines_before,
    without,
)

HELPER = """\
class {name}:
    def __new__(cls, *args, **kwargs):
        return {made}(*args, **kwargs)


"""


GETTER = """
    def get_output_embeddings(self):
        return self.reward_head
"""


@operator("TIE103", "TIE105", "TIE001", shows_in=("load",))
def reward_head(text: str, class_name: str) -> str | None:
    """The output getter hands out a second head, of one row; tying it would not fit (TIE105)."""
    cls, found = find_class(text, class_name), made_head(text, class_name)
    if cls is None or found is None:
        return None
    head, statement, call = found
    width, getter = argument(call, "in_features", 0), method(cls, "get_output_embeddings")
    if width is None:
        return None
    if getter is None:
        mutated = with_lines_after(text, cls, GETTER)
    else:
        returns = [node.value for node in ast.walk(getter) if isinstance(node, ast.Return) and node.value]
        if [ast.unparse(value) for value in returns] != [f"self.{head}"]:
            return None
        mutated = edited(text, [(returns[0], "self.reward_head")])
    made = f"self.reward_head = {ast.unparse(call.func)}({ast.unparse(width)}, 1, bias=False)"
    return with_line_after(mutated, statement, made)


@operator("TIE004", "TIE106", "TIE202", shows_in=("load",))
def made_by_new(text: str, class_name: str) -> str | None:
    """A class whose ``__new__`` gives another makes the head; the keys are gone, as in delete-tied-keys."""
    cls, found = find_class(text, class_name), made_head(text, class_name)
    keys = None if cls is None else attribute(cls, "_tied_weights_keys")
    if cls is None or keys is None or found is None:
        return None
    _, _, call = found
    name = f"{class_name}Head"
    mutated = without(edited(text, [(call.func, name)]), cls, [keys])
    return with_lines_before(mutated, cls, HELPER.format(name=name, made=ast.unparse(call.func)))
