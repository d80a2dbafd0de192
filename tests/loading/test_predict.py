"""What a load does with classes that bring loading of their own, and with releases that were not measured."""

from __future__ import annotations

from pathlib import Path
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


CUSTOM = """
import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

class AcmeConfig(PretrainedConfig):
    def __init__(self, vocab_size=99, hidden_size=16, tie_word_embeddings=True, **kwargs):
        self.vocab_size, self.hidden_size = vocab_size, hidden_size
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)

class AcmePreTrainedModel(PreTrainedModel):
    config_class = AcmeConfig
    base_model_prefix = "model"

class AcmeModel(AcmePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.embed_tokens

class AcmeForCausalLM(AcmePreTrainedModel):
    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = AcmeModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.ROWS, bias=True)
        INIT
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

    METHODS
"""
BY_HAND = "self.lm_head.weight = self.model.embed_tokens.weight"


def of_own(
    release: str, *names: str, rows: str = "vocab_size", init: str = "pass", methods: str = ""
) -> Prediction:
    """What a class of one's own makes of a checkpoint of those names."""
    text = CUSTOM.replace("ROWS", rows).replace("INIT", init).replace("METHODS", methods)
    project = Project(library(release, installed=False))
    cls = project.file(Path("/nowhere/modeling_acme.py"), text).lookup("AcmeForCausalLM")
    assert isinstance(cls, Class)
    return predict(project.interpreter, cls, {}, Stored(sorted(names), {}, lambda one, two: one == two))


def test_a_tie_weights_of_ones_own_is_unknown_from_5_0() -> None:
    own = f"def tie_weights(self, *args, **kwargs):\n        {BY_HAND}"
    found = of_own("5.23.0", HEAD, EMBEDDING, methods=own)
    assert (found.loaded, found.reason) == (None, "AcmeForCausalLM.tie_weights is the model's own")
    handed = "def tie_weights(self, *args, **kwargs):\n        return super().tie_weights(*args, **kwargs)"
    assert of_own("5.23.0", HEAD, EMBEDDING, methods=handed).loaded is not None
    assert of_own("4.51.3", HEAD, EMBEDDING, methods=own).loaded is not None


def test_what_a_module_and_a_mapping_tie_and_nothing_stores_is_unknown() -> None:
    assert of_own("5.23.0", "lm_head.bias", init=BY_HAND).loaded is None
    assert of_own("5.23.0", "lm_head.bias", EMBEDDING, init=BY_HAND).loaded is not None
    assert of_own("5.23.0", "lm_head.bias").loaded is not None


def test_a_tie_that_changes_the_size_of_a_bias_is_unknown_up_to_4_57() -> None:
    found = of_own("4.51.3", HEAD, EMBEDDING, rows="hidden_size")
    assert (found.loaded, found.reason) == (None, f"a tie of {HEAD} changes the size of a bias")


def test_a_checkpoint_of_the_head_alone_is_refused_up_to_4_57() -> None:
    found = of_own("4.51.3", "lm_head.bias")
    assert found.raises.startswith("ValueError: The state dictionary")
    assert of_own("5.23.0", "lm_head.bias").loaded is not None
