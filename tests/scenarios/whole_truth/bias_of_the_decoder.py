"""A head whose bias is that of its decoder: resizing pads it where it is."""

import torch
from torch import nn
from transformers import BertConfig, PreTrainedModel


class Head(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))
        self.decoder.bias = self.bias

    def forward(self, hidden):
        return nn.functional.linear(hidden, self.decoder.weight, self.bias)


class NotePreTrainedModel(PreTrainedModel):
    config_class = BertConfig
    base_model_prefix = "note"


class NoteForMaskedLM(NotePreTrainedModel):  # expect[4.51.3]: TIE108
    _tied_weights_keys = {"head.decoder.weight": "words.weight", "head.decoder.bias": "head.bias"}

    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = Head(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value

    def get_output_embeddings(self):
        return self.head.decoder

    def set_output_embeddings(self, value):
        self.head.decoder = value
        self.head.bias = value.bias

    def forward(self, input_ids):
        return self.head(self.words(input_ids))
