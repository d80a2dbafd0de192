"""What becomes of a model that is saved and loaded. Each outcome was seen by running the class."""

from __future__ import annotations

import pytest

from tests.tiny_models import seen
from tie_lint.loading.round_trip import RoundTrip, round_trip

BY_HAND = """
from torch import nn
from transformers import LlamaModel, LlamaPreTrainedModel


class AcmeForCausalLM(LlamaPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.lm_head.weight = self.model.embed_tokens.weight
        self.post_init()
"""
INIT = "    def __init__(self, config):\n"
LIST = BY_HAND.replace(INIT, f'    _tied_weights_keys = ["lm_head.weight"]\n\n{INIT}')
MAPPING = BY_HAND.replace(
    INIT, f'    _tied_weights_keys = {{"lm_head.weight": "model.embed_tokens.weight"}}\n\n{INIT}'
)
REFUSED, BROKEN = RoundTrip(True, False), RoundTrip(False)
KEPT, LOST = (
    RoundTrip(True, True, True, frozenset()),
    RoundTrip(True, True, True, frozenset({"lm_head.weight"})),
)


@pytest.mark.parametrize(
    ("text", "release", "by_default", "tied", "untied"),
    [
        (BY_HAND, "4.51.3", REFUSED, REFUSED, REFUSED),
        (LIST, "4.51.3", LOST, LOST, LOST),
        (LIST, "4.57.6", LOST, KEPT, LOST),
        (BY_HAND, "5.23.0", REFUSED, REFUSED, REFUSED),
        (LIST, "5.23.0", REFUSED, BROKEN, REFUSED),
        (MAPPING, "5.23.0", LOST, KEPT, LOST),
    ],
)
def test_a_tie_by_hand(
    text: str, release: str, by_default: RoundTrip, tied: RoundTrip, untied: RoundTrip
) -> None:
    view = seen(text, "AcmeForCausalLM", release)
    found = [round_trip(view.interp, view.cls, flag) for flag in (None, True, False)]
    assert found == [by_default, tied, untied]


def test_a_model_of_5_without_post_init_does_not_load() -> None:
    view = seen(MAPPING.replace("        self.post_init()\n", ""), "AcmeForCausalLM", "5.23.0")
    assert round_trip(view.interp, view.cls) == RoundTrip(True, True, False)


def test_loading_of_its_own_is_unknown() -> None:
    own = "\n    @classmethod\n    def from_pretrained(cls, path):\n        return cls(cls.config_class())\n"
    view = seen(MAPPING + own, "AcmeForCausalLM", "5.23.0")
    assert round_trip(view.interp, view.cls) == RoundTrip(True, True)
