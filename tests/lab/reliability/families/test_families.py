"""tie-lint says of families what the library did with them."""

from __future__ import annotations

import ast

import pytest

from tests.lab.reliability import page
from tests.lab.reliability.families import records
from tests.lab.reliability.families.agree import compare_family, counted
from tie_lint.library.index import library
from tie_lint.project.project import Project

EVERY = 25
"""Of so many families one is compared here; all of them are by the program that writes the page."""


def test_families_are_many_and_different_and_of_the_grammar() -> None:
    drawn = records.load_drawn()
    assert len({family.digest for family in drawn}) == len(drawn) >= 2000
    for family in drawn[::EVERY]:
        ast.parse(family.text)


@pytest.mark.parametrize("release", records.releases())
def test_nothing_is_said_wrongly(release: str) -> None:
    drawn, recorded = records.load_drawn(), records.load(release)
    assert len(drawn) == len(recorded)
    project = Project(library(release, installed=False))
    verdicts = [
        verdict
        for number in range(0, len(drawn), EVERY)
        for verdict in compare_family(project, f"{number}", drawn[number].text, recorded[number])
    ]
    assert [verdict for verdict in verdicts if verdict.answer == "wrong"] == []
    count = counted(verdicts)
    assert count["builds", "right"] > 100 and count["ties", "right"] > 100


def test_the_page_says_that_nothing_is_wrong() -> None:
    counts = page.counted()["families"]["counts"]
    wrong = {name: count for name, count in counts.items() if name.endswith("wrong")}
    assert wrong and not any(wrong.values())
