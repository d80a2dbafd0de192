"""The tool agrees with the library about every class that the library can build."""

from __future__ import annotations

import pytest

from tests.lab.truth.agree import FACTS, compare, figures, releases

#: How many classes are unknown, where any are. These numbers may fall; they may not grow.
UNKNOWN: dict[str, dict[str, int]] = {}


SHARES = {"4.51.3": 4, "5.23.0": 2}
"""Of these releases, the classes of one module in so many; the program compares all of them."""
SHARE = 6
"""The same of the others: the next to 5.23.0 differs little from it."""


@pytest.mark.parametrize("release", releases())
def test_nothing_is_wrong_and_no_more_is_unknown_than_before(release: str) -> None:
    verdicts = compare(release, share=SHARES.get(release, SHARE))
    assert [verdict for verdict in verdicts if verdict.answer == "wrong"] == []
    unknown = {fact: counted["unknown"] for fact, counted in figures(verdicts).items()}
    allowed = {fact: UNKNOWN.get(release, {}).get(fact, 0) for fact in FACTS}
    assert {fact: count for fact, count in unknown.items() if count > allowed[fact]} == {}
