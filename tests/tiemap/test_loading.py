"""Which names of a mapping hold nothing from the checkpoint, going through it as 5.x does on loading."""

from __future__ import annotations

from tie_lint.tiemap.loading import never_loaded

GROUP = ["decoder", "encoder", "head", "shared"]


def test_one_source_for_all() -> None:
    assert never_loaded(dict.fromkeys(("head", "decoder", "encoder"), "shared"), [GROUP]) == set()


def test_a_head_before_its_source_is_tied() -> None:
    """As when ``BartForConditionalGeneration`` has a backbone that ties ``shared`` to its decoder's table."""
    mapping = {"head": "shared", "shared": "decoder", "encoder": "shared"}
    assert never_loaded(mapping, [GROUP]) == {"head"}


def test_a_circle_is_saved_under_its_last_name() -> None:
    """As in ``ProphetNetForCausalLM`` when its decoder's wrapper ties the other way round."""
    mapping = {"head": "shared", "decoder": "shared", "shared": "decoder"}
    assert never_loaded(mapping, [["decoder", "head", "shared"]]) == set()


def test_a_target_stands_in_for_a_source_that_is_missing() -> None:
    mapping = {"head": "shared", "other": "shared"}
    assert never_loaded(mapping, [["head", "shared"]]) == set()
