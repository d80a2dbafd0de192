"""Prefixes that a load adds to the names of a checkpoint, or takes away."""

from __future__ import annotations

from tie_lint.loading.renaming import Expected, by_each_prefix, by_whole_prefix

HEAD_MODEL = Expected("model", True, ["model.embed.weight", "head.weight"])
BACKBONE = Expected("model", False, ["embed.weight"])


def test_names_that_fit_stay() -> None:
    for renamed in (
        by_whole_prefix(["head.weight", "model.embed.weight"], HEAD_MODEL, {}),
        by_each_prefix(["head.weight", "model.embed.weight"], HEAD_MODEL),
    ):
        assert renamed == {"head.weight": "head.weight", "model.embed.weight": "model.embed.weight"}


def test_the_checkpoint_of_a_backbone_gets_the_prefix() -> None:
    assert by_whole_prefix(["embed.weight"], HEAD_MODEL, {}) == {"model.embed.weight": "embed.weight"}
    assert by_each_prefix(["embed.weight"], HEAD_MODEL) == {"model.embed.weight": "embed.weight"}


def test_a_backbone_takes_its_part_of_a_larger_checkpoint() -> None:
    stored = ["head.weight", "model.embed.weight"]
    assert by_whole_prefix(stored, BACKBONE, {}) == {"embed.weight": "model.embed.weight"}
    assert by_each_prefix(stored, BACKBONE)["embed.weight"] == "model.embed.weight"


def test_up_to_4_57_one_name_with_the_prefix_keeps_it_from_all() -> None:
    stored = ["model.norm.weight", "embed.weight"]
    assert "model.embed.weight" not in by_whole_prefix(stored, HEAD_MODEL, {})
    assert by_each_prefix(stored, HEAD_MODEL)["model.embed.weight"] == "embed.weight"


def test_the_first_pattern_that_matches_renames() -> None:
    patterns = {"^language_model.model": "model", "^model": "other"}
    renamed = by_whole_prefix(["language_model.model.embed.weight"], Expected("", False, []), patterns)
    assert renamed == {"model.embed.weight": "language_model.model.embed.weight"}
