"""What resizing leaves at its old size."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.examples import findings
from tests.tiny_models import CLASSIC, ERAS, FAMILY, MAPPING, seen
from tie_lint.tiemap.resizing import Setter

WITH_BIAS = """
class Predictions(nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.decoder = nn.Linear(weight.size(1), weight.size(0), bias=False)
        self.decoder.weight = weight
        self.bias = nn.Parameter(torch.zeros(weight.size(0)))

    def forward(self, hidden):
        return self.decoder(hidden) + self.bias

class TinyForPreTraining(TinyPreTrainedModel):
    _tied_weights_keys = ["cls.decoder.weight"]

    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.cls = Predictions(self.model.embed_tokens.weight)
        self.post_init()
"""


def said(text: str, code: str, release: str) -> list[str | None]:
    return [one.class_name for one in findings(Path("m.py"), text, release) if one.code == code]


def test_a_bias_beside_a_head_that_no_getter_hands_out() -> None:
    """As ``LxmertForPreTraining`` of 4.42.4, which 4.43 gave a ``resize_token_embeddings`` of its own."""
    model = seen(FAMILY + WITH_BIAS, "TinyForPreTraining", CLASSIC)
    assert model.resizing.left_behind == "cls.bias"
    assert said(FAMILY + WITH_BIAS, "TIE401", CLASSIC) == ["TinyForPreTraining"]


TWO_SIDES = """
class TinySide(TinyModel):
    pass

class TinyForConditionalGeneration(TinyPreTrainedModel):
    _tied_weights_keys = {"lm_head.weight": "decoder.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.encoder = TinySide(config)
        self.decoder = TinySide(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.encoder.embed_tokens

    def set_input_embeddings(self, value):
        self.encoder.embed_tokens = value

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, value):
        self.lm_head = value
"""
FOLLOWS = "        self.decoder.embed_tokens.weight = value.weight\n"


def test_a_head_that_is_tied_to_another_embedding_than_resizing_makes_larger() -> None:
    """As ``T5GemmaForConditionalGeneration`` of 5.5.4, whose setter of 5.6 gives the decoder the weight."""
    model = seen(FAMILY + TWO_SIDES, "TinyForConditionalGeneration", MAPPING)
    assert model.resizing.put_back == "decoder.embed_tokens"
    assert said(FAMILY + TWO_SIDES, "TIE401", MAPPING) == ["TinyForConditionalGeneration"]
    repaired = seen(FAMILY + TWO_SIDES + FOLLOWS, "TinyForConditionalGeneration", MAPPING)
    assert repaired.resizing.put_back is None


@pytest.mark.parametrize("release", ERAS)
def test_a_head_that_is_tied_to_the_embedding_that_grows_follows_it(release: str) -> None:
    text = FAMILY + TWO_SIDES.replace("decoder.embed_tokens.weight", "encoder.embed_tokens.weight")
    assert seen(text, "TinyForConditionalGeneration", release).resizing.put_back is None


@pytest.mark.parametrize("release", ERAS)
def test_a_setter_that_is_not_there_for_what_the_getter_returns(release: str) -> None:
    """As the setter of ``FSMTModel``, whose head is the decoder's embedding: resizing calls it."""
    getter = "\n    def get_output_embeddings(self):\n        return self.embed_tokens\n"
    model = seen(FAMILY + getter, "TinyModel", release)
    assert model.embeddings.head is None
    assert model.resizing.output_setter is Setter.RAISES
    assert said(FAMILY + getter, "TIE401", release) == ["TinyModel"]
    setter = "\n    def set_output_embeddings(self, value):\n        self.embed_tokens = value\n"
    assert said(FAMILY + getter + setter, "TIE401", release) == []


def test_a_getter_of_the_init_base_class_without_a_setter() -> None:
    """As ``NeoMMEPreTrainedModel`` of 5.23.0 without its own: one finding, which names that class."""
    base = 'base_model_prefix = "model"\n'
    getter = (
        "\n    def get_input_embeddings(self):\n"
        "        return getattr(self, self.base_model_prefix, self).words.table\n"
    )
    text = FAMILY.replace(base, base + getter).replace("embed_tokens", "words")
    text = text.replace(
        "self.words = nn.Embedding(", "self.words = nn.Module(); self.words.table = nn.Embedding("
    )
    own = text.index("    def get_input_embeddings(self):\n        return self.words")
    head = """
class TinyForTask(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.post_init()
"""
    (found,) = (one for one in findings(Path("m.py"), text[:own] + head, CLASSIC) if one.code == "TIE402")
    assert {one.class_name for one in found.every} == {"TinyModel", "TinyForTask"}
    assert "what has to be fixed is in TinyPreTrainedModel" in found.full_message
