"""Model views made by hand, for tests of what happens to a view once it is there."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from tie_lint.tiemap.view import ModelView

FIELDS = (
    "always_ties_head",
    "asks_by_default",
    "builds_nothing",
    "dead_hooks",
    "expands_keys_itself",
    "fails",
    "failure",
    "failure_when_tied",
    "family_ties",
    "has_init_base_here",
    "has_vocabulary_head",
    "heads_have_prefix",
    "held_otherwise",
    "head_is_tied",
    "head_is_unfit",
    "head_is_tied_anyway",
    "head_is_tied_when_asked",
    "init_base",
    "is_component",
    "input_getter",
    "input_setter",
    "lacks_prefix",
    "late_modules",
    "left_out_by_override",
    "lost_on_load",
    "misordered",
    "may_be_renamed",
    "mislaid",
    "misses_tie",
    "misspelt",
    "misspelt_keys_tie",
    "flag_lacking",
    "never_ties_head",
    "opts_out",
    "output_getter",
    "output_setter",
    "own_init",
    "relies_on_old_default",
    "reshaped",
    "post_init",
    "post_init_override",
    "post_init_ties",
    "saves",
    "saves_by_default",
    "resizes_itself",
    "self_tied",
    "sets_what_none_asks_for",
    "tied_keys_declared",
    "tied_keys_on_init_base",
    "tie_weights_lacks",
    "ties_when_asked",
    "unmatched_keys",
    "unreached_embedding",
    "vocabulary_head",
    "wrong_output",
    "wrong_input",
)


def view(name: str = "AcmeForCausalLM", role: str = "downstream", line: int = 1, **known: Any) -> ModelView:
    """A view of which only ``known`` is known."""
    at = [line, 7, line, 7 + len(name)]
    fields: dict[str, Any] = dict.fromkeys(FIELDS) | known
    assert fields.keys() == set(FIELDS)
    asked: dict[str, Any] = {
        "declares": lambda name: False,
        "misspells": lambda name: False,
        "place": lambda name: at,
        "works_under": lambda newer, end: False,
    }
    return cast(
        "ModelView", SimpleNamespace(name=name, role=role, at=at, path=Path("acme.py"), **fields, **asked)
    )


HEADLESS: dict[str, Any] = {
    "has_vocabulary_head": True,
    "vocabulary_head": "head",
    "output_getter": "returns-none",
}
"""What makes TIE001 fire."""
