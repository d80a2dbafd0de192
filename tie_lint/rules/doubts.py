"""Doubts that rules share: where a fix is right as far as the text goes, and its author may mean more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tie_lint.edits.accessors import is_set_so_elsewhere
from tie_lint.edits.source import Source
from tie_lint.model.accessors import aliases_of, replaces_more

if TYPE_CHECKING:
    from tie_lint.model.view import ModelView


def is_whole_setter(view: ModelView, source: Source, head: str) -> bool:
    """Whether a new ``set_output_embeddings`` need do no more than assign the head and what shares a
    parameter with it: nothing else could want it, or another class of the file does just that."""
    aliases = aliases_of(view, head)
    return not replaces_more(view, head) or is_set_so_elsewhere(
        source, "set_output_embeddings", head, aliases
    )
