"""Which embedding a model that hands out none should hand out."""

from __future__ import annotations

import pytest

from tests.tiny_models import ERAS, seen

TWO = """
from torch import nn
from transformers import BertConfig, BertModel, PretrainedConfig, PreTrainedModel


class BothConfig(PretrainedConfig):
    def __init__(self, image_vocab_size=40, where="config.json", **kwargs):
        super().__init__(**kwargs)
        self.image_vocab_size = image_vocab_size
        self.where = where


class Both(PreTrainedModel):
    config_class = BothConfig

    def __init__(self, config):
        super().__init__(config)
        self.pictures = nn.Embedding(config.image_vocab_size, 8)
        self.head = nn.Linear(8, config.image_vocab_size, bias=False)
        self.text = BertModel(CONFIG)
        self.post_init()

    def get_output_embeddings(self):
        return self.head
"""


@pytest.mark.parametrize("release", ERAS)
@pytest.mark.parametrize(
    ("config", "path"),
    [("BertConfig.from_json_file(config.where)", None), ("BertConfig(vocab_size=7)", "pictures")],
)
def test_a_model_inside_of_an_unknown_config_may_have_the_one_that_is_meant(
    config: str, path: str | None, release: str
) -> None:
    """As modelscope's ``MPlug``: a file says what its text model is, and its pictures have a table."""
    model = seen(TWO.replace("CONFIG)", f"{config})"), "Both", release)
    assert model.unreached.path == path
