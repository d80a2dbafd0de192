"""What the file imports is in 4.x alone, and the file provides for that: it is imported in both."""

from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

try:
    from transformers.modeling_utils import apply_chunking_to_forward
except ImportError:
    apply_chunking_to_forward = None


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


class OtherNoteModel(NoteModel):
    """One finding says it of the whole file."""

    chunked = apply_chunking_to_forward
