"""A head with a decoder without bias, and a bias of its own beside it: after resizing `forward` raises."""

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class MConfig(PretrainedConfig):
    model_type = "m"

    def __init__(self, vocab_size=64, hidden_size=16, tie_word_embeddings=True, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class MHead(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))

    def forward(self, hidden):
        return self.decoder(self.dense(hidden)) + self.bias


class MPreTrainedModel(PreTrainedModel):
    config_class = MConfig
    base_model_prefix = "bert"


class MModel(MPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.embeddings = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.embeddings

    def set_input_embeddings(self, value):
        self.embeddings = value


class MForMaskedLM(MPreTrainedModel):
    _tied_weights_keys = {"predictions.decoder.weight": "bert.embeddings.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.bert = MModel(config)
        self.predictions = MHead(config)
        self.post_init()

    def get_output_embeddings(self):  # expect: TIE401
        return self.predictions.decoder

    def set_output_embeddings(self, new_embeddings):
        self.predictions.decoder = new_embeddings

    def forward(self, input_ids):
        return self.predictions(self.bert.embeddings(input_ids))
