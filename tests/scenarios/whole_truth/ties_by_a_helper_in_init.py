"""`_tie_or_clone_weights()` called in `__init__` is a tie by hand: a load parts the two (4.51.3)."""

from torch import nn
from transformers import LlamaModel, LlamaPreTrainedModel


class Base(LlamaPreTrainedModel):
    _tied_weights_keys = {"back.weight": "there.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.there = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        self.back = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        self.post_init()


class AtOnce(Base):  # expect[4.51.3]: TIE108
    def __init__(self, config):
        super().__init__(config)
        self._tie_or_clone_weights(self.back, self.there)  # expect[5.23.0]: TIE006


class InTheHook(Base):
    def _tie_weights(self):
        self._tie_or_clone_weights(self.back, self.there)
