"""The page of features: its evidence exists, and its sums are right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "features.md"
TEXT = PAGE.read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\| \d+ \|.+$", TEXT, re.M)
]
WORTH = {"yes": 1.0, "partly": 0.5, "no": 0.0}


def test_the_36_features_are_there() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 37))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_what_tie_lint_has_is_tried_by_a_test(row: list[str]) -> None:
    evidence = re.fullmatch(r"\[(?P<name>test_\w+)\]\((?P<path>[\w/.]+)\)", row[-1])
    assert (row[2] == "yes") == (evidence is not None)
    if evidence is not None:
        tests = (PAGE.parent / evidence["path"]).read_text(encoding="utf-8")
        assert re.search(rf"^(async )?def {evidence['name']}\(", tests, re.M)


def test_the_sums_are_right() -> None:
    head = re.search(r"^\| \| feature \|(.+)\| evidence \|$", TEXT, re.M)
    assert head is not None
    for column, name in enumerate(head[1].split("|"), start=2):
        said = re.search(rf"{name.strip()}(?: has)? ([\d.]+)(?:,| and)", TEXT) or re.search(
            rf"{name.strip()} ([\d.]+)\.", TEXT
        )
        assert said is not None, name
        assert float(said[1]) == sum(WORTH[row[column]] for row in ROWS), name
