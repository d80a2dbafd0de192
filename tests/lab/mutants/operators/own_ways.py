"""What a class does by itself that the library does for it: a tie of its own making, a loader of its own."""

from __future__ import annotations

from tests.lab.mutants.head_attributes import head_attribute, made_head
from tests.lab.mutants.operators import operator
from tests.lab.mutants.source_edits import (
    attribute,
    calls_on_self,
    find_class,
    method,
    with_line_after,
    with_lines_after,
    without,
)

HELPER = """
    def tie_weights(self, *args, **kwargs):
        super().tie_weights(*args, **kwargs)
        if getattr(self.config, "tie_word_embeddings", False):
            self._tie_or_clone_weights(self.{head}, self.get_input_embeddings())
"""

INIT_WEIGHTS = """
    def _init_weights(self, module):
        super()._init_weights(module)
        if module is self.{head}:
            module.weight = self.get_input_embeddings().weight
"""

LOADER = """
    @classmethod
    def from_pretrained(cls, folder, *args, config=None, state_dict=None, **kwargs):
        model = cls(config)
        model.load_state_dict(state_dict, strict=False)
        model.tie_weights()
        return model, {"missing_keys": [], "unexpected_keys": []}
"""


@operator("TIE006", shows_in=())
def call_removed_helper(text: str, class_name: str) -> str | None:
    """``tie_weights()`` calls a helper that 5.0 took away, where the config asks for the tie."""
    cls, found = find_class(text, class_name), made_head(text, class_name)
    if cls is None or found is None or method(cls, "tie_weights"):
        return None
    return with_lines_after(text, cls, HELPER.format(head=found[0]))


@operator("TIE108", "TIE004", "TIE106", "TIE001", "TIE202", shows_in=("load",))
def tie_in_init_weights(text: str, class_name: str) -> str | None:
    """``_init_weights()`` ties the head, which has no getter and no key.

    The tie is not declared (TIE004, TIE106), the config does not decide (TIE001, TIE202), or loading
    undoes it (TIE108).
    """
    cls, found = find_class(text, class_name), made_head(text, class_name)
    if cls is None or found is None or method(cls, "_init_weights"):
        return None
    pieces = (
        attribute(cls, "_tied_weights_keys"),
        method(cls, "get_output_embeddings"),
        method(cls, "set_output_embeddings"),
    )
    longer = with_lines_after(text, cls, INIT_WEIGHTS.format(head=found[0]))
    return without(longer, cls, [piece for piece in pieces if piece is not None])


@operator("TIE005", shows_in=("load",))
def own_from_pretrained(text: str, class_name: str) -> str | None:
    """``tie_weights()`` in the place of ``post_init()``, and a loader of its own.

    That needs nothing of what ``post_init()`` prepares.
    """
    cls, head = find_class(text, class_name), head_attribute(text, class_name)
    init = None if cls is None else method(cls, "__init__")
    if cls is None or init is None or head is None or not (calls := calls_on_self(init, "post_init")):
        return None
    longer = with_line_after(with_lines_after(text, cls, LOADER), calls[-1], "self.tie_weights()")
    return without(longer, cls, calls)
