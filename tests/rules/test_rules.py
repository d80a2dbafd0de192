"""What each rule makes of what is known about a model."""

from __future__ import annotations

import pytest

from tests.views import HEADLESS, Known, view
from tie_lint.library.contract import ERAS
from tie_lint.library.target import Policy, Target
from tie_lint.rules import Problem, all_rules, enumerated
from tie_lint.tiemap.embeddings import Getter
from tie_lint.tiemap.post_init import Reached
from tie_lint.tiemap.resizing import Setter
from tie_lint.tiemap.view import Role

CLASSIC, MAPPING = Target.of("4.51.3", Policy()), Target.of("5.23.0", Policy())

BAD: dict[str, Known] = {
    "TIE001": HEADLESS,
    "TIE002": {"unreached.path": "tokens", "embeddings.input_getter": Getter.RAISES},
    "TIE003": {"prefix.missing": "acme"},
    "TIE004": {"ties.saves": False, "tied_keys.declared": False, "family.init_base": "AcmePreTrainedModel"},
    "TIE005": {"ties.made_by_post_init": True, "own_init": True, "models.post_init": Reached.NEVER},
}


def problems(code: str, target: Target, known: Known, role: Role = Role.DOWNSTREAM) -> list[Problem]:
    """What one rule finds in a view of which only ``known`` is known."""
    return list(all_rules()[code].check(view(known, role=role), target))


@pytest.mark.parametrize("code", BAD)
@pytest.mark.parametrize("since", [era.since for era in ERAS])
def test_a_rule_fires_in_every_era(code: str, since: str) -> None:
    (problem,) = problems(code, Target.of(since, Policy()), BAD[code])
    assert problem.at == [1, 7, 1, 22]
    assert problem.message.startswith("AcmeForCausalLM")
    assert problem.effect


@pytest.mark.parametrize("code", BAD)
def test_no_other_rule_fires(code: str) -> None:
    assert not any(problems(other, MAPPING, BAD[code]) for other in BAD if other != code)


NEEDED = [
    ("TIE001", "embeddings.has_head"),
    ("TIE001", "embeddings.output_getter"),
    ("TIE002", "unreached.path"),
    ("TIE003", "prefix.missing"),
    ("TIE004", "ties.saves"),
    ("TIE004", "tied_keys.declared"),
    ("TIE005", "ties.made_by_post_init"),
    ("TIE005", "models.post_init"),
]


@pytest.mark.parametrize(("code", "field"), NEEDED)
def test_what_is_unknown_is_never_reported(code: str, field: str) -> None:
    assert problems(code, CLASSIC, {**BAD[code], field: None}) == []


def test_output_getter_that_works() -> None:
    assert problems("TIE001", MAPPING, {**HEADLESS, "embeddings.output_getter": Getter.WORKS}) == []


def test_the_effect_of_a_missing_output_getter_depends_on_what_ties() -> None:
    assert "not tied" in problems("TIE001", CLASSIC, HEADLESS)[0].effect
    assert "resize" in problems("TIE001", MAPPING, HEADLESS)[0].effect
    shared = {"ties.head_is_shared": True, "ties.head_grows_anyway": False}
    tied = {**HEADLESS, "lifecycle.head_stays_tied": True, **shared}
    assert problems("TIE001", MAPPING, tied)[0].effect.startswith("with tie_word_embeddings=False resize")
    assert problems("TIE001", CLASSIC, {**tied, "ties.head_grows_anyway": True}) == []


def test_the_effect_of_missing_keys_is_what_happens() -> None:
    assert "RuntimeError" in problems("TIE004", CLASSIC, BAD["TIE004"])[0].effect
    missed = {**BAD["TIE004"], "ties.saves": True, "ties.missing": True}
    assert "never made" in problems("TIE004", MAPPING, missed)[0].effect
    assert problems("TIE004", MAPPING, {**missed, "ties.missing": False}) == []


STRICT = Target.of("5.23.0", Policy(tied_weights_keys="init-base"))


@pytest.mark.parametrize(("on_init_base", "fires"), [(True, False), (False, True), (None, False)])
def test_keys_wanted_on_the_init_base_class(on_init_base: bool | None, fires: bool) -> None:
    known = {"family_ties": True, "tied_keys.on_init_base": on_init_base}
    assert bool(problems("TIE004", STRICT, known, Role.INIT_BASE)) is fires


@pytest.mark.parametrize(("here", "fires"), [(True, False), (False, True)])
def test_an_init_base_class_of_another_file_is_reported_at_the_model(here: bool, fires: bool) -> None:
    known = {"ties.when_asked": True, "tied_keys.on_init_base": False, "family.has_init_base_here": here}
    assert bool(problems("TIE004", STRICT, known)) is fires


@pytest.mark.parametrize("code", ["TIE004", "TIE005"])
def test_a_model_that_opts_out_is_left_alone(code: str) -> None:
    assert problems(code, CLASSIC, {**BAD[code], "ties.opts_out": True}) == []


def test_init_weights_suffices_until_5_0() -> None:
    known = {**BAD["TIE005"], "models.post_init": Reached.INIT_WEIGHTS}
    assert problems("TIE005", CLASSIC, known) == []
    assert problems("TIE005", MAPPING, {**known, "lifecycle.fails_to_load": True})


@pytest.mark.parametrize(
    ("failure", "doing"), [("AttributeError", "building"), ("ValueError", "loading"), (None, "loading")]
)
def test_init_weights_before_post_init_ends_the_construction(failure: str | None, doing: str) -> None:
    """Run in 5.23.0: it ties, and finds no ``all_tied_weights_keys``."""
    known = {"own_init": True, "models.post_init": Reached.INIT_WEIGHTS, "models.failure": failure}
    known["lifecycle.fails_to_load"] = True
    assert [one.effect for one in problems("TIE005", MAPPING, known)] == [f"{doing} it raises AttributeError"]


def test_every_model_needs_post_init_from_5_0_on() -> None:
    known = {"own_init": True, "models.post_init": Reached.CONDITIONAL}
    assert problems("TIE005", CLASSIC, known) == []
    assert problems("TIE005", MAPPING, {**known, "lifecycle.fails_to_load": True})


def test_an_inherited_init_is_the_base_class_s_affair() -> None:
    assert problems("TIE005", MAPPING, {**BAD["TIE005"], "own_init": False}) == []


@pytest.mark.parametrize(
    ("names", "sentence"),
    [("a", "a"), ("ab", "a and b"), ("abc", "a, b and c"), ("abcd", "a, b and 2 more")],
)
def test_names_in_a_sentence(names: str, sentence: str) -> None:
    assert enumerated(names) == sentence


def test_a_wrong_embedding_that_only_a_tied_model_fails_on() -> None:
    """As ``KyutaiSpeechToTextForConditionalGeneration`` of 4.57, which does not tie by default (run)."""
    known = {
        "embeddings.output_getter": Getter.WORKS,
        "wrong_embeddings.input": ("model.words", "model.words.table"),
    }
    (tied,) = problems("TIE104", CLASSIC, {**known, "models.failure_when_tied": "AttributeError"})
    assert tied.effect == "with tie_word_embeddings=True building it raises AttributeError"
    assert tied.severity == "warning"
    (untied,) = problems("TIE104", CLASSIC, {**known, "config.asks_by_default": True})
    assert (untied.effect, untied.severity) == ("the head is tied to the wrong module", "error")


def test_a_head_that_its_own_model_ties_where_the_config_asks() -> None:
    """As ``FuyuForCausalLM`` of 4.40 (run): the getter returns None, and only resizing goes wrong."""
    asked = {**HEADLESS, "config.asks_by_default": False}
    (problem,) = problems("TIE001", CLASSIC, {**asked, "lifecycle.head_stays_tied": True})
    assert problem.effect == "resize_token_embeddings() leaves the head at its old size"
    (untied,) = problems("TIE001", CLASSIC, asked)
    assert untied.effect == "with tie_word_embeddings=True the head is not tied to the input embeddings"


def test_a_head_left_behind_once_the_embedding_can_be_replaced() -> None:
    """As modelscope's ``ChatGLMModel`` (run in 5.23.0): without a setter, resizing fails before it."""
    (problem,) = problems("TIE001", MAPPING, {**HEADLESS, "resizing.input_setter": Setter.RAISES})
    behind = "resize_token_embeddings() leaves the head at its old size"
    assert problem.effect == f"once set_input_embeddings() works, {behind}"
