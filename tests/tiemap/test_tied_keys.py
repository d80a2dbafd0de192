"""Entries of ``_tied_weights_keys`` that match nothing."""

from __future__ import annotations

import pytest

from tests.tiny_models import FAMILY, MAPPING, seen
from tie_lint.tiemap.unmatched_keys import KeySide

MODEL = """
class Model(TinyPreTrainedModel):
    _tied_weights_keys = {%r: "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.heads = nn.ModuleList([nn.Linear(config.hidden_size, config.vocab_size) for _ in range(3)])
        self.output = nn.Linear(config.hidden_size, config.vocab_size)
        self.post_init()
"""


def test_what_ends_alike_is_nearer_than_what_is_spelt_alike() -> None:
    text = FAMILY + MODEL % "output.weight"
    text = text.replace("model.embed_tokens.weight", "decoder.embed_tokens.weight")
    text = text.replace("self.output =", "self.decoder_embed_positions = self.output =")
    (found,) = seen(text, "Model", MAPPING).tied_keys.unmatched
    assert (found.side, found.nearest) == (KeySide.SOURCE, "model.embed_tokens.weight")


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("otuput.weight", "output.weight"),
        ("heads.weight", None),
        ("heads.3.weight", "heads.2.weight"),
        (r"^haeds\.\d\.weight", "heads.2.weight"),
    ],
)
def test_the_nearest_name(key: str, nearest: str | None) -> None:
    (found,) = seen(FAMILY + MODEL % key, "Model", MAPPING).tied_keys.unmatched
    assert (found.entry, found.side, found.nearest) == (key, KeySide.TARGET, nearest)
