"""What 5.x has under its old name, or takes from another package: importing the file works in both."""

from torch import nn
from transformers import PretrainedConfig, PreTrainedModel
from transformers.models.bert_japanese import tokenization_bert_japanese
from transformers.pytorch_utils import Conv1D
from transformers.tokenization_utils import PreTrainedTokenizer
from transformers.tokenization_utils_base import is_offline_mode


class NoteConfig(PretrainedConfig):
    model_type = "note"

    def __init__(self, vocab_size=40, hidden_size=16, **kwargs):
        self.vocab_size, self.hidden_size = vocab_size, hidden_size
        super().__init__(**kwargs)


class NoteModel(PreTrainedModel):
    config_class = NoteConfig

    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value

    def forward(self, input_ids):
        return self.words(input_ids)


kept = PreTrainedTokenizer, is_offline_mode, Conv1D, tokenization_bert_japanese
