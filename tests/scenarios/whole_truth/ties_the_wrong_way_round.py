"""Saving leaves out one name of a tie; a hook that takes it as the source loses what was loaded (4.51.3, 4.57.6)."""

import torch
from torch import nn
from transformers import AlbertModel, AlbertPreTrainedModel


class Head(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(config.hidden_size))
        self.decoder = nn.Linear(config.hidden_size, config.hidden_size)
        self.decoder.bias = self.bias


class FromWhatIsLeftOut(Head):
    def _tie_weights(self):
        self.bias = self.decoder.bias


class FromWhatIsStored(Head):
    def _tie_weights(self):
        self.decoder.bias = self.bias


class FromWhatHasValues(Head):
    def _tie_weights(self):
        if self.decoder.bias.device.type == "meta":
            self.decoder.bias = self.bias
        else:
            self.bias = self.decoder.bias


class LosesTheBias(AlbertPreTrainedModel):  # expect[4.51.3]: TIE108
    _tied_weights_keys = {"head.decoder.bias": "head.bias"}

    def __init__(self, config):
        super().__init__(config)
        self.albert = AlbertModel(config)
        self.head = FromWhatIsLeftOut(config)
        self.post_init()


class KeepsTheBias(AlbertPreTrainedModel):
    _tied_weights_keys = {"head.decoder.bias": "head.bias"}

    def __init__(self, config):
        super().__init__(config)
        self.albert = AlbertModel(config)
        self.head = FromWhatIsStored(config)
        self.post_init()


class AsksForTheDevice(AlbertPreTrainedModel):
    _tied_weights_keys = {"head.decoder.bias": "head.bias"}

    def __init__(self, config):
        super().__init__(config)
        self.albert = AlbertModel(config)
        self.head = FromWhatHasValues(config)
        self.post_init()


class StoresTheOther(AlbertPreTrainedModel):
    _tied_weights_keys = {"head.bias": "head.decoder.bias"}

    def __init__(self, config):
        super().__init__(config)
        self.albert = AlbertModel(config)
        self.head = FromWhatIsLeftOut(config)
        self.post_init()
