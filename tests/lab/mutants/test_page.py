"""The page of the documentation holds what the command measured, and that does not fall below a floor."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.lab.mutants.mutant import RELEASES
from tests.lab.mutants.operators import all_operators
from tests.lab.mutants.records import load
from tests.lab.mutants.table import KINDS, repaired
from tests.lab.mutants.verdict import Place

PAGE = Path(__file__).parents[3] / "docs" / "accuracy.md"
FLOOR = 0.985
"""The share of breaking mutants that must be found."""


PLACES = [Place(release, copied_out) for release in RELEASES for copied_out in (False, True)]


def rows(place: Place) -> dict[str, dict[str, int]]:
    """By operator and for all together, the counts of a place's table."""
    section = _text().partition(f"## transformers {place}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^\| (\S+) \|((?: \d+ \|)+)$", section, re.M)
    return {name: dict(zip(KINDS, map(int, re.findall(r"\d+", row)), strict=True)) for name, row in found}


def _text() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_the_rows_add_up(place: Place) -> None:
    by_name = rows(place)
    total = by_name.pop("all")
    assert total == {kind: sum(row[kind] for row in by_name.values()) for kind in KINDS}
    assert by_name.keys() <= all_operators().keys()


@pytest.mark.parametrize("release", RELEASES)
def test_the_number_of_mutants_is_that_of_the_records(release: str) -> None:
    assert re.search(rf"\b{len(load(release))} mutants (recorded|were checked)", _text())


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_nearly_all_that_breaks_is_found(place: Place) -> None:
    total = rows(place)["all"]
    assert total["found"] >= FLOOR * (total["found"] + total["missed"])


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_nothing_harmless_is_reported(place: Place) -> None:
    assert rows(place)["all"]["false alarm"] == 0


def test_every_operator_is_explained() -> None:
    assert re.findall(r"^- `(\S+)`: ", _text(), re.M) == list(all_operators())


def test_the_repairs_are_those_of_their_own_page() -> None:
    assert repaired().startswith("| | 4.51.3 | 5.23.0 |")
    assert repaired() in _text()
