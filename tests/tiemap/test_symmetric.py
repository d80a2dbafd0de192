"""The tie by a mapping while a checkpoint is loaded."""

from __future__ import annotations

import pytest

from tie_lint.tiemap.symmetric import Tied, UntoldError, tie_symmetrically

HEAD = {"head": "embed"}
TABLES = {"encoder": "shared", "decoder": "shared", "head": "shared"}


def _tied(mapping: dict[str, str], *present: str, alike: bool = True) -> Tied:
    return tie_symmetrically(mapping, present, lambda one, two: alike)


@pytest.mark.parametrize(
    ("present", "holds"),
    [
        (["embed"], {"head": "embed"}),
        (["head"], {"embed": "head"}),
        ([], {"head": "embed"}),
        (["head", "embed"], {"head": "embed"}),
    ],
)
def test_a_pair_ties_to_what_is_there(present: list[str], holds: dict[str, str]) -> None:
    assert _tied(HEAD, *present) == Tied(holds, [])


def test_a_pair_of_other_values_is_kept_apart() -> None:
    assert _tied(HEAD, "head", "embed", alike=False) == Tied({}, [("head", "embed")])


def test_a_pair_of_values_that_nobody_compared_is_not_told() -> None:
    with pytest.raises(UntoldError, match="embed and head are both stored"):
        tie_symmetrically(HEAD, ["head", "embed"], lambda one, two: None)


def test_a_missing_source_is_taken_from_a_later_target() -> None:
    tied = _tied(TABLES, "decoder")
    assert tied.holds == {"encoder": "decoder", "shared": "decoder", "head": "decoder"}


def test_a_target_that_took_the_sources_place_parts_from_one_of_other_values() -> None:
    tied = _tied(TABLES, "encoder", "head", alike=False)
    assert tied.holds == {"shared": "encoder", "decoder": "encoder"}
    assert tied.parted == [("head", "shared")]
