"""Two backbones and no head: keys of the library that are there for another class."""

from torch import nn
from transformers import BertModel


class NoteForSequenceClassification(BertModel):  # expect: TIE101
    def __init__(self, config):
        super().__init__(config)
        self.transformer = BertModel(config)
        self.classifier = nn.Linear(config.hidden_size, 2)
        self.post_init()
