"""The pages of the rules about folders claim what the examples' loads did."""

from __future__ import annotations

from typing import Any

import pytest

from tests.folders import EMBEDDING, HEAD
from tests.lab.loading.claims import examples, records, releases

RELEASES = pytest.mark.parametrize("release", releases())
Outcome = dict[str, Any]


def of(release: str, code: str) -> tuple[Outcome, Outcome]:
    bad, good = records(release)[code]
    if "no such class" in (bad.get("raises"), good.get("raises")):
        pytest.skip(f"the class of the example is not in {release}")
    return bad, good


@RELEASES
def test_every_example_was_recorded_as_it_is(release: str) -> None:
    known = records(release)
    assert known.keys() == examples().keys()
    for code, pair in examples().items():
        for outcome, text in zip(known[code], pair, strict=True):
            assert outcome.get("text", text) == text, f"{code}: record it anew"


@RELEASES
@pytest.mark.parametrize("code", ["TIE501", "TIE506"])
def test_the_head_is_new_and_then_tied(release: str, code: str) -> None:
    bad, good = of(release, code)
    if code == "TIE506" and release.startswith("4"):
        pytest.skip("the text config decides in this release")
    assert (bad["origin"][0], bad["missing"], bad["groups"]) == (None, [HEAD], [])
    assert None not in good["origin"]
    assert len(good["groups"]) == 1


@RELEASES
def test_a_head_of_other_values_is_overwritten_or_parts(release: str) -> None:
    bad, good = of(release, "TIE502")
    if release.startswith("4"):
        assert (bad["origin"], "parts" in bad["says"]) == ([EMBEDDING, EMBEDDING], False)
    else:
        assert (bad["origin"], "parts" in bad["says"]) == ([HEAD, EMBEDDING], True)
    assert (good["origin"], "parts" in good["says"]) == ([HEAD, EMBEDDING], False)


@RELEASES
def test_a_redundant_head_makes_no_difference(release: str) -> None:
    bad, good = of(release, "TIE503")
    assert bad["groups"] == good["groups"] == [[HEAD, EMBEDDING]]
    assert (bad["missing"], good["missing"]) == ([], [])


@RELEASES
def test_without_its_source_a_tie_is_empty_or_turned_round(release: str) -> None:
    bad, good = of(release, "TIE504")
    assert bad["origin"] == (["meta", "meta"] if release.startswith("4") else [HEAD, HEAD])
    assert good["origin"] == [EMBEDDING, EMBEDDING]


@RELEASES
def test_another_size_raises(release: str) -> None:
    bad, good = of(release, "TIE505")
    assert bad["raises"] == "RuntimeError"
    assert good["groups"] == [[HEAD, EMBEDDING]]
