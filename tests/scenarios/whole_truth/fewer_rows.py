"""A head of 32 rows that is tied to a matrix of a row for each token."""

from torch import nn
from transformers import GPT2Config, GPT2Model, GPT2PreTrainedModel


class LettersForCausalLM(GPT2PreTrainedModel):  # expect[5.23.0]: TIE105
    _tied_weights_keys = {"lm_head.weight": "transformer.wte.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.transformer = GPT2Model(config)
        self.lm_head = nn.Linear(config.n_embd, 32, bias=False)
        self.post_init()
