"""Models inside for which ``__init__`` makes a config of numbers. What is tied was seen by running."""

from __future__ import annotations

import pytest

from tests.tiny_models import FAMILY, MAPPING, seen
from tie_lint.interpreter.values import Module
from tie_lint.intrinsics.torch import module_tree

OUTER = """
from transformers import BertConfig, BertForMaskedLM

class TinyAround(TinyPreTrainedModel):
    base_model_prefix = "inner"

    def __init__(self, config):
        super().__init__(config)
        self.inner = BertForMaskedLM(BertConfig(vocab_size=100, hidden_size=16))
        self.post_init()
"""
HEAD = "inner.cls.predictions.decoder"


def around(more: str) -> str:
    return FAMILY + OUTER.replace("hidden_size=16", f"hidden_size=16{more}")


@pytest.mark.parametrize("more", ["", ", tie_word_embeddings=True"])
def test_a_head_that_is_tied_whatever_the_outer_config_says(more: str) -> None:
    model = seen(around(more), "TinyAround", MAPPING)
    assert (model.own_configs.tied_head, model.own_configs.untied_head) == (HEAD, None)


def test_a_head_that_stays_apart_whatever_the_outer_config_says() -> None:
    model = seen(around(", tie_word_embeddings=False"), "TinyAround", MAPPING)
    assert (model.own_configs.tied_head, model.own_configs.untied_head) == (None, HEAD)


def test_a_flag_that_is_handed_on() -> None:
    model = seen(around(", tie_word_embeddings=config.tie_word_embeddings"), "TinyAround", MAPPING)
    assert (model.own_configs.tied_head, model.own_configs.untied_head) == (None, None)


def test_a_config_that_does_not_speak_of_ties_is_not_ignored() -> None:
    text = around("").replace("        self.tie_word_embeddings = tie_word_embeddings\n", "")
    text = text.replace(", tie_word_embeddings=True, **kw", ", **kw")
    assert seen(text, "TinyAround", MAPPING).own_configs.tied_head is None


def test_a_part_beside_a_head_of_the_model_is_an_aid() -> None:
    text = around(", tie_word_embeddings=False").replace(
        "        self.inner =",
        "        self.words = nn.Embedding(config.vocab_size, 8)\n"
        "        self.head = nn.Linear(8, config.vocab_size, bias=False)\n        self.inner =",
    )
    assert seen(text, "TinyAround", MAPPING).own_configs.untied_head is None


def test_no_layer_is_built_to_find_them() -> None:
    model = seen(around(", tie_word_embeddings=config.tie_word_embeddings"), "TinyAround", MAPPING)
    assert model.own_configs.tied_head is None
    built = model.models.untied.model
    layers = None if built is None else module_tree.submodule(built, "inner.bert.encoder")
    assert isinstance(layers, Module)
    assert layers.build is not None
