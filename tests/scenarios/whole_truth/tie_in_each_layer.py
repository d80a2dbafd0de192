"""One line ties two weights in each of many layers."""

from torch import nn
from transformers import LlamaModel, LlamaPreTrainedModel


class Both(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.there = nn.Linear(size, size)
        self.back = nn.Linear(size, size)
        self.back.weight = self.there.weight


class BothWays(LlamaPreTrainedModel):  # expect: TIE004, TIE108
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.layers = nn.ModuleList([Both(config.hidden_size) for _ in range(12)])
        self.post_init()
