"""Entries of a mapping that tie what a backbone needs by itself to something outside of it."""

from __future__ import annotations

import pytest

from tests.tiny_models import FAMILY, MAPPING, seen

HOLDER = """
class TinyForCausalLM(TinyPreTrainedModel):
    _tied_weights_keys = {{"{target}": "lm_head.weight"}}

    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.model.added = nn.Embedding(config.vocab_size, config.hidden_size)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
"""


@pytest.mark.parametrize("name", ["embed_tokens", "embed_types"])
def test_an_embedding_that_the_backbone_makes(name: str) -> None:
    backbone = FAMILY.replace("        self.post_init()", "        self.embed_types = nn.Embedding(32, 8)", 1)
    target = f"model.{name}.weight"
    model = seen(backbone + HOLDER.format(target=target), "TinyForCausalLM", MAPPING)
    assert model.tied_keys.misplaced_sources == [(target, "lm_head.weight")]


def test_an_embedding_that_it_is_given() -> None:
    """As ``SpeechT5ForSpeechToText`` gives its backbone a decoder that ``AutoModel`` does not make."""
    model = seen(FAMILY + HOLDER.format(target="model.added.weight"), "TinyForCausalLM", MAPPING)
    assert model.tied_keys.misplaced_sources == []


def test_a_backbone_that_loads_from_none_of_its_checkpoints() -> None:
    """As ``LightOnOcrModel``, whose own prefix is empty (TIE101)."""
    header, target = "class TinyModel(TinyPreTrainedModel):", "model.embed_tokens.weight"
    backbone = FAMILY.replace(header, f'{header}\n    base_model_prefix = ""')
    model = seen(backbone + HOLDER.format(target=target), "TinyForCausalLM", MAPPING)
    assert model.tied_keys.misplaced_sources == []
