"""What a load does with classes that bring loading of their own, and with releases that were not measured."""

from __future__ import annotations

from typing import Any

import pytest

from tests.folders import EMBEDDING, HEAD, SMALL
from tie_lint.interpreter.classes import Class
from tie_lint.library.index import library
from tie_lint.loading.outcome import Origin, Prediction, Stored
from tie_lint.loading.predict import predict
from tie_lint.project.project import Project

TIED = {**SMALL, "tie_word_embeddings": True}


def load(module: str, name: str, values: dict[str, Any], release: str, *names: str) -> Prediction:
    """What a class of the library makes of a checkpoint of those names, each with values of its own."""
    project = Project(library(release, installed=False))
    scope = project.module(f"transformers.models.{module}.modeling_{module}")
    assert scope is not None
    cls = scope.lookup(name)
    assert isinstance(cls, Class)
    return predict(project.interpreter, cls, values, Stored(sorted(names), {}, lambda one, two: one == two))


def test_a_class_with_loading_of_its_own_is_unknown() -> None:
    found = load("longt5", "LongT5Model", {}, "4.57.6", "shared.weight")
    assert (found.loaded, found.reason) == (None, "LongT5PreTrainedModel.from_pretrained is the model's own")


def test_a_class_that_only_hands_on_is_known() -> None:
    found = load("blenderbot", "BlenderbotForConditionalGeneration", {}, "4.51.3", "model.shared.weight")
    assert found.loaded is not None
    assert found.loaded.origins[HEAD] == Origin("stored", "model.shared.weight")


def test_releases_before_4_51_are_unknown() -> None:
    found = load("llama", "LlamaForCausalLM", TIED, "4.49.0", EMBEDDING)
    assert (found.loaded, found.ties) == (None, [[HEAD, EMBEDDING]])
    assert "was not measured" in found.reason


@pytest.mark.parametrize(("release", "parted"), [("5.2.0", [(HEAD, EMBEDDING)]), ("5.4.0", [])])
def test_equal_ends_part_up_to_5_3(release: str, parted: list[tuple[str, str]]) -> None:
    project = Project(library(release, installed=False))
    scope = project.module("transformers.models.llama.modeling_llama")
    assert scope is not None
    cls = scope.lookup("LlamaForCausalLM")
    assert isinstance(cls, Class)
    stored = Stored([HEAD, EMBEDDING], {}, lambda one, two: True)
    loaded = predict(project.interpreter, cls, TIED, stored).loaded
    assert loaded is not None
    assert loaded.parted == parted


def test_the_state_of_a_backbone_with_a_head_beside_it_is_refused_up_to_4_57() -> None:
    found = load("llama", "LlamaForCausalLM", TIED, "4.57.6", "embed_tokens.weight", HEAD)
    assert found.raises.startswith("ValueError: The state dictionary")


@pytest.mark.parametrize("name", ["lm_head.qweight", "lm_head.parametrizations.weight.original0"])
def test_a_head_in_another_form_is_unknown(name: str) -> None:
    found = load("llama", "LlamaForCausalLM", SMALL, "5.24.0", EMBEDDING, name)
    assert (found.loaded, found.reason) == (None, f"{name} is stored in the place of {HEAD}")


def test_a_bias_is_no_other_form_of_a_weight() -> None:
    values = {**SMALL, "architectures": ["PhiForCausalLM"], "model_type": "phi"}
    found = load("phi", "PhiForCausalLM", values, "5.24.0", EMBEDDING, "lm_head.bias")
    assert found.loaded is not None
    assert found.loaded.origins[HEAD] == Origin("new")


def test_sizes_of_a_quantised_checkpoint_are_unknown() -> None:
    project = Project(library("5.24.0", installed=False))
    scope = project.module("transformers.models.llama.modeling_llama")
    assert scope is not None
    cls = scope.lookup("LlamaForCausalLM")
    assert isinstance(cls, Class)
    stored = Stored([EMBEDDING], {EMBEDDING: (100, 8)}, lambda one, two: None)
    plain = predict(project.interpreter, cls, TIED, stored)
    assert plain.loaded is not None
    assert plain.loaded.mismatched
    quantised = predict(project.interpreter, cls, {**TIED, "quantization_config": {"bits": 4}}, stored)
    assert (quantised.loaded, quantised.reason) == (
        None,
        "the checkpoint is quantised, and its sizes are others",
    )
