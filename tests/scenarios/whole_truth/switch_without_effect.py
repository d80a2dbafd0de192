"""A config that says by a field of its own to tie, and refuses the flag that the library asks for (5.x)."""

from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class AcmeConfig(PretrainedConfig):
    model_type = "acme"

    def __init__(self, tie_codebooks=True, **kwargs):
        kwargs.pop("tie_word_embeddings", None)
        self.tie_codebooks = tie_codebooks
        super().__init__(**kwargs)
        self.tie_word_embeddings = False


class ApartConfig(AcmeConfig):
    def __init__(self, **kwargs):
        super().__init__(tie_codebooks=False, **kwargs)


class AcmeModel(PreTrainedModel):  # expect[5.23.0]: TIE201
    config_class = AcmeConfig
    _tied_weights_keys = {"codes_out.weight": "codes_in.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.codes_in = nn.Linear(16, 16, bias=False)
        self.codes_out = nn.Linear(16, 16, bias=False)
        self.post_init()


class ApartModel(AcmeModel):
    config_class = ApartConfig
