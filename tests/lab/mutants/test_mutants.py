"""What the tool says of the library's own files with one piece broken, held against what the library does.

A sample; ``python -m tests.lab.mutants.agreement`` goes through them all.
"""

from __future__ import annotations

import itertools
from functools import partial

import pytest

from tests.lab.mutants.agreement import spread
from tests.lab.mutants.mutant import RELEASES, mutants, source_file, tying
from tests.lab.mutants.operators import all_operators
from tests.lab.mutants.records import Outcome, load, load_header
from tests.lab.mutants.verdict import Place, check_mutant, findings, package_of

BREAKING, HARMLESS = 2, 1
"""Of each operator's mutants in a release, so many are tried here: the first in the library's own tree,
another that breaks something with its folder copied out."""

AS_RELEASED = {"esm": {("TIE401", "EsmForMaskedLM")}}
"""Defects of released files, each seen in the running library (docs/findings.md)."""

FAMILIES = (
    "albert",
    "bart",
    "bert",
    "bloom",
    "distilbert",
    "electra",
    "esm",
    "gemma2",
    "gpt2",
    "gpt_neox",
    "llama",
    "mamba",
    "marian",
    "mistral",
    "opt",
    "phi",
    "qwen2",
    "roberta",
    "t5",
    "whisper",
)

DELETIONS = {
    "delete-output-getter",
    "delete-input-getter",
    "delete-prefix",
    "delete-own-prefix",
    "delete-tied-keys",
    "delete-post-init",
}
"""One piece of the contract is gone: what the first five rules are about."""

OF_A_FAMILY = 2
"""Of a family's deletions that break something, and of those that do not, so many are tried here."""

STANDING = {
    ("5.23.0", "swap-tied-entry", "Llama4ForCausalLM"),
    ("4.51.3", "own-from-pretrained", "Speech2Text2ForCausalLM"),
    ("4.51.3", "wrap-model-with-accessors", "BlipTextLMHeadModel"),
}
"""Mutants of the sample about which tool and library still disagree; docs/accuracy.md counts their like."""


def sample(release: str) -> list[tuple[Place, Outcome]]:
    """Some of every operator, breaking and harmless, spread over the modules."""
    outcomes = load(release)
    chosen: list[tuple[Place, Outcome]] = []
    for operator in all_operators():
        of_operator = [outcome for outcome in outcomes if outcome.mutant.operator == operator]
        for breaks, number in ((True, BREAKING), (False, HARMLESS)):
            some = spread([outcome for outcome in of_operator if outcome.breaks == breaks], number)
            chosen += [(Place(release, place > 0), outcome) for place, outcome in enumerate(some)]
    return chosen


def _name(value: Place | Outcome) -> str:
    if isinstance(value, Place):
        return "copied-out" if value.is_copied_out else "in-place"
    mutant = value.mutant
    return f"{mutant.class_name}-{mutant.operator}-{'breaks' if value.breaks else 'harmless'}"


@pytest.mark.parametrize(
    ("family", "release"), [*zip(FAMILIES, itertools.cycle(reversed(RELEASES)), strict=False)]
)
def test_a_file_as_released_gives_no_finding_but_true_ones(release: str, family: str) -> None:
    path = source_file(package_of(release), f"{family}.modeling_{family}")
    found = findings(release, path, path.read_text(encoding="utf-8"))
    assert {(code, class_name) for code, class_name, _ in found} == AS_RELEASED.get(family, set())


@pytest.mark.parametrize(("family", "release"), [*zip(FAMILIES, itertools.cycle(RELEASES), strict=False)])
def test_a_piece_deleted_is_missed_exactly_where_something_breaks(release: str, family: str) -> None:
    every = [
        outcome
        for outcome in load(release)
        if outcome.mutant.module == f"{family}.modeling_{family}" and outcome.mutant.operator in DELETIONS
    ]
    deleted = [
        *spread([outcome for outcome in every if outcome.breaks], OF_A_FAMILY),
        *spread([outcome for outcome in every if not outcome.breaks], OF_A_FAMILY),
    ]
    assert any(outcome.breaks for outcome in deleted)
    assert [
        verdict for verdict in map(partial(check_mutant, Place(release)), deleted) if not verdict.agrees
    ] == []


@pytest.mark.parametrize(("place", "outcome"), sample("4.51.3"), ids=_name)
def test_4_51_3(place: Place, outcome: Outcome) -> None:
    _check(place, outcome)


@pytest.mark.parametrize(("place", "outcome"), sample("5.23.0"), ids=_name)
def test_5_23_0(place: Place, outcome: Outcome) -> None:
    _check(place, outcome)


def _check(place: Place, outcome: Outcome) -> None:
    stands = (place.release, outcome.mutant.operator, outcome.mutant.class_name) in STANDING
    verdict = check_mutant(place, outcome)
    assert verdict.agrees != stands, verdict


@pytest.mark.parametrize("release", RELEASES)
def test_every_mutant_is_recorded(release: str) -> None:
    recorded = {outcome.mutant for outcome in load(release)}
    lost = load_header(release).not_measured
    for module in spread(sorted(tying(release)), 10):
        there = set(mutants(package_of(release), release, module))
        missing = {mutant for mutant in there - recorded if " ".join(vars(mutant).values()) not in lost}
        assert module in lost or not missing
