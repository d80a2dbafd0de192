"""A ``tie_weights`` of the class's own that ties the head: up to 4.57 the library calls it after loading."""

from torch import nn
from transformers import BertConfig, PreTrainedModel


class NotePreTrainedModel(PreTrainedModel):
    config_class = BertConfig
    base_model_prefix = "bert"


class NoteModel(NotePreTrainedModel):  # expect: TIE002
    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()


class NoteForPreTraining(NotePreTrainedModel):
    _tied_weights_keys = ["decoder.weight"]  # expect[5.23.0]: TIE301

    def __init__(self, config):
        super().__init__(config)
        self.bert = NoteModel(config)
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size)
        self.post_init()

    def tie_weights(self):  # expect[5.23.0]: TIE303
        self.decoder.weight = self.bert.words.weight
