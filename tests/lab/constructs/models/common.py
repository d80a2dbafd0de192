"""The family that the models of the other files belong to."""

from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class Config(PretrainedConfig):
    model_type = "construct"

    def __init__(self, vocab_size=40, hidden_size=16, n=3, tie_word_embeddings=True, **kw):
        self.vocab_size, self.hidden_size, self.n = vocab_size, hidden_size, n
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kw)


class Base(PreTrainedModel):
    skipped = True
    config_class = Config
    base_model_prefix = "m"
    _tied_weights_keys = {"head.weight": "emb.weight"}

    def _init_weights(self, module):
        pass

    def get_input_embeddings(self):
        return self.emb

    def set_input_embeddings(self, v):
        self.emb = v

    def get_output_embeddings(self):
        return self.head

    def set_output_embeddings(self, v):
        self.head = v
