"""Renamings of names of a checkpoint, as ``WeightTransform`` does them."""

from __future__ import annotations

import pytest

from tie_lint.loading.renaming import Expected, by_each_prefix
from tie_lint.loading.transforms import Scoped, Transform, UntoldRenamingError, converted, renamed


def _renaming(source: str, target: str, scope: str | None = None, prefix: str = "") -> Scoped:
    return Scoped(Transform("renaming", (source,), (target,)), scope, prefix)


@pytest.mark.parametrize(
    ("source", "target", "name", "becomes"),
    [
        ("^language_model.lm_head", "lm_head", "language_model.lm_head.weight", "lm_head.weight"),
        ("LayerNorm.gamma", "LayerNorm.weight", "a.LayerNorm.gamma", "a.LayerNorm.weight"),
        (r"\.attn\.", r"\.self_attn\.", "a.attn.q", "a.self_attn.q"),
        ("weight", "w", "a.weight_scale", "a.weight_scale"),
        (r"^timm_model\.(.+)", r"model.(.+)", "timm_model.embed", "model.embed"),
    ],
    ids=["anchored", "anywhere", "escaped dots", "on a boundary", "a group"],
)
def test_a_pattern_is_replaced_as_the_library_does(source: str, target: str, name: str, becomes: str) -> None:
    assert renamed(name, [_renaming(source, target)]) == becomes


def test_renamings_are_applied_in_turn() -> None:
    chain = [_renaming("^a", "b"), _renaming("^b", "c")]
    assert renamed("a.weight", chain) == "c.weight"


def test_a_renaming_of_a_part_leaves_other_parts_alone() -> None:
    inner = _renaming("^head", "lm_head", scope="text", prefix="model")
    assert renamed("model.text.head.weight", [inner]) == "model.text.lm_head.weight"
    assert renamed("text.head.weight", [inner]) == "text.lm_head.weight"
    assert renamed("vision.head.weight", [inner]) == "vision.head.weight"


def test_a_converter_is_told_apart_from_a_renaming() -> None:
    converter = Scoped(Transform("converter", ("qkv",), ("q", "k", "v")), None, "")
    assert renamed("a.qkv", [converter]) == "a.qkv"
    assert converted("a.qkv", [converter]) == "a.q"
    assert converted("a.weight", [converter]) is None


def test_a_transform_of_an_unknown_class_leaves_only_what_it_cannot_match() -> None:
    named = Scoped(Transform("other", (r"\.norm0",), (".norm1",)), None, "")
    assert renamed("embed.weight", [named]) == "embed.weight"
    with pytest.raises(UntoldRenamingError, match=r"a\.norm0\.weight is renamed"):
        renamed("a.norm0.weight", [named])
    with pytest.raises(UntoldRenamingError):
        renamed("embed.weight", [Scoped(Transform("other", (), ()), None, "")])


def test_a_converted_tensor_of_a_tie_is_not_told() -> None:
    model = Expected("", False, ["lm_head.weight"])
    converter = Scoped(Transform("converter", ("lm_head.weight",), ("lm_head.weight",)), None, "")
    with pytest.raises(UntoldRenamingError, match="is converted when it is loaded"):
        by_each_prefix(["lm_head.weight"], model, [converter])


def test_a_name_that_needs_no_renaming_keeps_its_own() -> None:
    model = Expected("model", True, ["model.embed.weight"])
    renaming = _renaming("^model", "other")
    assert by_each_prefix(["model.embed.weight"], model, [renaming])["model.embed.weight"]


def test_names_that_differ_in_numbers_only_are_renamed_alike() -> None:
    model = Expected("model", True, ["model.head.0.weight", "model.head.1.weight"])
    stored = [*(f"layers.{number}.weight" for number in range(1000)), "heads.0.weight", "heads.1.weight"]
    found = by_each_prefix(stored, model, [_renaming("^heads", "head")])
    assert found == {"model.head.0.weight": "heads.0.weight", "model.head.1.weight": "heads.1.weight"}


def test_a_pattern_of_a_certain_number_is_tried_on_every_name() -> None:
    model = Expected("", False, ["embed.weight"])
    stored = ["blocks.1.weight", "blocks.0.weight"]
    assert (
        by_each_prefix(stored, model, [_renaming("blocks.0", "embed")])["embed.weight"] == "blocks.0.weight"
    )
