"""What ``__init__`` is given beside the config is no part of the model that it could be tied to."""

from torch import nn
from transformers import BertModel, BertPreTrainedModel


class WrapForMaskedLM(BertPreTrainedModel):  # expect: TIE004
    def __init__(self, config, part):
        super().__init__(config)
        self.part = part
        self.bert = BertModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings


class TwiceForMaskedLM(BertPreTrainedModel):
    def __init__(self, config, part):
        super().__init__(config)
        self.part, self.again = part, part
        self.bert = BertModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings
