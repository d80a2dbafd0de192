"""Keys by a property: a list is one all the same."""

import torch
import torch.nn as nn
from transformers import PretrainedConfig, PreTrainedModel


class AcmeConfig(PretrainedConfig):
    model_type = "acme"

    def __init__(self, vocab_size=100, hidden_size=16, tie_word_embeddings=True, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class Acme(PreTrainedModel):
    config_class = AcmeConfig

    def __init__(self, config):
        super().__init__(config)
        self.wte = nn.Embedding(config.vocab_size, config.hidden_size)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    @property
    def _tied_weights_keys(self):  # expect[5.23.0]: TIE301
        return ["lm_head.weight"] if self.config.tie_word_embeddings else []

    def get_input_embeddings(self):  # expect: TIE402
        return self.wte

    def get_output_embeddings(self):  # expect[4.51.3]: TIE401
        return self.lm_head
