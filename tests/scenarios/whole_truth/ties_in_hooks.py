"""Heads that ``init_weights()`` or ``post_init()`` ties, after the library's own."""

from torch import nn
from transformers import LlamaModel, LlamaPreTrainedModel


class Base(LlamaPreTrainedModel):
    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings


class InInitWeightsForCausalLM(Base):  # expect: TIE108
    def init_weights(self):
        super().init_weights()
        self.lm_head.weight = self.model.embed_tokens.weight


class InPostInitForCausalLM(Base):  # expect: TIE108
    def post_init(self):
        super().post_init()
        self.lm_head.weight = self.model.embed_tokens.weight


class InHookForCausalLM(Base):  # expect[4.51.3]: TIE108  # expect[5.23.0]: TIE202
    def _init_weights(self, module):
        super()._init_weights(module)
        if module is self.lm_head:
            module.weight = self.model.embed_tokens.weight
