"""What the tool says of the library's own files with one piece deleted, held against what the library does.

A sample; ``python -m tests.mutants.agreement`` goes through them all.
"""

from __future__ import annotations

import pytest

from tests.corpus import sources
from tests.mutants.agreement import findings, judge, released
from tests.mutants.mutants import FAMILIES, RELEASES, Mutant, mutants
from tests.mutants.operators import OPERATORS
from tests.mutants.records import Outcome, load

EVERY = 10
"""Of how many recorded mutants of one operator and outcome one is tried here."""


def sample(release: str) -> list[Outcome]:
    """Some of every operator, breaking and harmless, spread over the families."""
    outcomes = load(release)
    return [
        outcome
        for operator in OPERATORS
        for breaks in (True, False)
        for outcome in [o for o in outcomes if o.mutant.operator == operator and bool(o.breaks) == breaks][
            ::EVERY
        ]
    ]


def _name(outcome: Outcome) -> str:
    mutant = outcome.mutant
    return f"{mutant.class_name}-{mutant.operator}-{'breaks' if outcome.breaks else 'harmless'}"


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_file_as_released_gives_no_finding(release: str, family: str) -> None:
    assert findings(release, family, released(release, family)) == set()


@pytest.mark.parametrize("outcome", sample("4.51.3"), ids=_name)
def test_4_51_3(outcome: Outcome) -> None:
    verdict = judge("4.51.3", outcome)
    assert verdict.said == verdict.wanted


@pytest.mark.parametrize("outcome", sample("5.23.0"), ids=_name)
def test_5_23_0(outcome: Outcome) -> None:
    verdict = judge("5.23.0", outcome)
    assert verdict.said == verdict.wanted


@pytest.mark.parametrize("release", RELEASES)
def test_every_mutant_is_recorded(release: str) -> None:
    package = sources(release) / "transformers"
    there: set[Mutant] = {mutant for family in FAMILIES for mutant in mutants(package, family)}
    assert {outcome.mutant for outcome in load(release)} == there
