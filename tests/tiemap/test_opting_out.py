"""Whether a config may be made to ask for a tie, by itself or through a part of it."""

from __future__ import annotations

import pytest

from tests.tiny_models import FAMILY, HEAD, seen

REFUSES = """        if tie_word_embeddings:
            raise ValueError("not supported")
        self.tie_word_embeddings = False
"""
CONFIGS = """
class PartConfig(PretrainedConfig):
    model_type = "part"

    def __init__(self, tie_word_embeddings=False, **kw):
        super().__init__(**kw)
{part}

class WholeConfig(TinyConfig):
    model_type = "whole"

    def __init__(self, text_config=None, tie_word_embeddings=False, **kw):
        super().__init__(**kw)
        self.text_config = text_config or PartConfig()
{whole}

class Whole(TinyForCausalLM):
    config_class = WholeConfig
"""
FOLLOWS = "        self.tie_word_embeddings = self.text_config.tie_word_embeddings\n"
TAKES = "        self.tie_word_embeddings = tie_word_embeddings\n"


@pytest.mark.parametrize(
    ("part", "whole", "opts_out"),
    [(TAKES, REFUSES, True), (TAKES, FOLLOWS, False), (REFUSES, FOLLOWS, True), (REFUSES, TAKES, False)],
    ids=["refused", "taken from the part", "refused by the part", "taken by the whole"],
)
def test_who_can_be_asked(part: str, whole: str, opts_out: bool) -> None:
    text = FAMILY + HEAD + CONFIGS.format(part=part, whole=whole)
    assert seen(text, "Whole").ties.opts_out is opts_out


FIXED = """
class Fixed(TinyPreTrainedModel):
    _tied_weights_keys = ["head.weight"]

    def __init__(self, config):
        super().__init__(config)
        self.first, self.second = nn.Embedding(50, 8), nn.Embedding(50, 8)
        self.head = nn.Linear(8, 50, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.first

    def get_output_embeddings(self):
        return self.head

    def tie_weights(self):
        self._tie_or_clone_weights(self.head, self.second)
"""


def test_a_head_that_follows_no_vocabulary_may_be_tied_to_another_embedding() -> None:
    """As that of ``T5GemmaForConditionalGeneration`` of 4.57 is, to the decoder's."""
    model = seen(FAMILY + FIXED, "Fixed")
    assert model.ties.missing
    assert model.embeddings.head is None
    assert not model.lifecycle.never_ties_head
