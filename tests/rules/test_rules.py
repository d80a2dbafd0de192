"""What each rule makes of what is known about a model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.views import HEADLESS, view
from tie_lint.library.contract import ERAS, Contract, contract_of
from tie_lint.rules import Problem, all_rules

CLASSIC, MAPPING = contract_of("4.51.3"), contract_of("5.23.0")

BAD: dict[str, dict[str, Any]] = {
    "TIE001": HEADLESS,
    "TIE002": {"role": "backbone", "token_embedding": "tokens", "input_getter": "raises"},
    "TIE003": {"role": "init-base", "declares_prefix": False, "family_prefix": "acme"},
    "TIE004": {"ties_or_asked": True, "tied_keys_declared": False, "init_base": "AcmePreTrainedModel"},
    "TIE005": {"ties_or_asked": True, "own_init": True, "post_init": "never"},
}


def problems(code: str, contract: Contract = MAPPING, **known: Any) -> list[Problem]:
    """What one rule finds in a view of which only ``known`` is known."""
    return list(all_rules()[code].check(view(**known), contract))


@pytest.mark.parametrize("code", BAD)
@pytest.mark.parametrize("era", ERAS, ids=lambda era: era.since)
def test_a_rule_fires_in_every_era(code: str, era: Contract) -> None:
    (problem,) = problems(code, era, **BAD[code])
    assert problem.at == [1, 7, 1, 22]
    assert problem.message.startswith("AcmeForCausalLM")
    assert problem.effect


@pytest.mark.parametrize("code", BAD)
def test_no_other_rule_fires(code: str) -> None:
    assert not any(problems(other, **BAD[code]) for other in BAD if other != code)


NEEDED = [
    ("TIE001", "has_vocabulary_head"),
    ("TIE001", "output_getter"),
    ("TIE002", "token_embedding"),
    ("TIE002", "input_getter"),
    ("TIE003", "declares_prefix"),
    ("TIE004", "ties_or_asked"),
    ("TIE004", "tied_keys_declared"),
    ("TIE005", "ties_or_asked"),
    ("TIE005", "post_init"),
]


@pytest.mark.parametrize(("code", "field"), NEEDED)
def test_what_is_unknown_is_never_reported(code: str, field: str) -> None:
    assert problems(code, CLASSIC, **{**BAD[code], field: None}) == []


def test_output_getter_that_works() -> None:
    assert problems("TIE001", **{**HEADLESS, "output_getter": "works"}) == []


def test_the_effect_of_a_missing_output_getter_depends_on_what_ties() -> None:
    assert "not tied" in problems("TIE001", CLASSIC, **HEADLESS)[0].effect
    assert "resize" in problems("TIE001", MAPPING, **HEADLESS)[0].effect


def test_only_an_init_base_class_owes_a_prefix() -> None:
    assert problems("TIE003", role="downstream", declares_prefix=False) == []


@pytest.mark.parametrize(
    ("strict", "declared", "on_init_base", "fires"),
    [
        (False, True, False, False),
        (False, False, False, True),
        (True, True, False, True),
        (True, True, True, False),
    ],
)
def test_where_tied_keys_count(strict: bool, declared: bool, on_init_base: bool, fires: bool) -> None:
    contract = replace(MAPPING, keys_wanted_on="init-base" if strict else "any")
    known = {**BAD["TIE004"], "tied_keys_declared": declared, "tied_keys_on_init_base": on_init_base}
    assert bool(problems("TIE004", contract, **known)) is fires


@pytest.mark.parametrize("code", ["TIE004", "TIE005"])
def test_a_model_that_opts_out_is_left_alone(code: str) -> None:
    assert problems(code, CLASSIC, **BAD[code], opts_out=True) == []


def test_init_weights_suffices_until_5_0() -> None:
    known = {**BAD["TIE005"], "post_init": "init_weights"}
    assert problems("TIE005", CLASSIC, **known) == []
    assert problems("TIE005", MAPPING, **known)


def test_every_model_needs_post_init_from_5_0_on() -> None:
    known: dict[str, Any] = {"own_init": True, "post_init": "conditional"}
    assert problems("TIE005", CLASSIC, **known) == []
    assert problems("TIE005", MAPPING, **known)


def test_an_inherited_init_is_the_base_class_s_affair() -> None:
    assert problems("TIE005", **{**BAD["TIE005"], "own_init": False}) == []
