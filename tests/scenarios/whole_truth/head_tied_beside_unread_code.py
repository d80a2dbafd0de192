"""What code that is not read does with a part leaves open what a load keeps: no claim that the tie stays."""

import acme
from torch import nn
from transformers import BertConfig, PreTrainedModel


class NoteDecoder(PreTrainedModel):
    config_class = BertConfig
    base_model_prefix = "note"

    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layer = acme.wrap(nn.Linear(config.hidden_size, config.hidden_size))
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.head.weight = self.words.weight
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value

    def get_output_embeddings(self):
        return self.head

    def set_output_embeddings(self, value):
        self.head = value
