"""An empty list of keys where the config refuses to tie: from 5.0 it is never asked for its keys."""

from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class NoteConfig(PretrainedConfig):
    model_type = "note"

    def __init__(self, vocab_size=50, hidden_size=16, tie_word_embeddings=False, **kwargs):
        if tie_word_embeddings:
            raise ValueError("the words of notes are not tied")
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class NoteForCausalLM(PreTrainedModel):
    config_class = NoteConfig
    base_model_prefix = "note"
    _tied_weights_keys = []

    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value

    def get_output_embeddings(self):
        return self.decoder

    def set_output_embeddings(self, value):
        self.decoder = value
