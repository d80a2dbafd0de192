"""A head that the getters tie up to 4.57, and nothing from 5.0 on."""

from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class NoteConfig(PretrainedConfig):
    model_type = "note"

    def __init__(self, vocab_size=50, hidden_size=16, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        super().__init__(**kwargs)


class NoteForCausalLM(PreTrainedModel):  # expect[4.51.3]: TIE004 # expect[4.57.6 to 5.23.0]: TIE305
    config_class = NoteConfig
    base_model_prefix = "note"

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


class OnPurpose(NoteForCausalLM):
    """Declares nothing to tie."""

    _tied_weights_keys = {}  # expect[4.51.3]: TIE106


class DeclaredForCausalLM(NoteForCausalLM):  # expect[5.23.0]: TIE201
    """What is missing is the config's flag."""

    _tied_weights_keys = {"decoder.weight": "words.weight"}
