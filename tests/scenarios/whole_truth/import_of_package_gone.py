"""Classes that ``transformers`` and ``transformers.utils`` handed out in 4.x alone: importing the file fails."""

from torch import nn
from transformers import AutoModelForVision2Seq, PretrainedConfig, PreTrainedModel
from transformers.utils import ModelOutput, logging


class NoteConfig(PretrainedConfig):
    model_type = "note"

    def __init__(self, vocab_size=40, hidden_size=16, **kwargs):
        self.vocab_size, self.hidden_size = vocab_size, hidden_size
        super().__init__(**kwargs)


class NoteModel(PreTrainedModel):  # expect[5.23.0]: TIE006
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
        return ModelOutput(words=self.words(input_ids))


vision, log = AutoModelForVision2Seq, logging
