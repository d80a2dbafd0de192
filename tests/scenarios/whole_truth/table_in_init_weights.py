"""A head that ``_init_weights()`` ties, after it has computed a large table number by number."""

import numpy as np
import torch
from torch import nn
from transformers import LlamaModel, LlamaPreTrainedModel


class Positions(nn.Embedding):
    def fill(self):
        rows, width = self.weight.shape
        table = np.array([[i / np.power(10000, 2 * (j // 2) / width) for j in range(width)] for i in range(rows)])
        self.weight.data.copy_(torch.FloatTensor(np.sin(table)))


class HereForCausalLM(LlamaPreTrainedModel):  # expect: TIE004  # expect[4.51.3]: TIE001, TIE108  # expect[5.23.0]: TIE202
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.positions = Positions(1024, 512)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def _init_weights(self, module):
        super()._init_weights(module)
        if isinstance(module, Positions):
            module.fill()
        if module is self.lm_head:
            module.weight = self.model.embed_tokens.weight
