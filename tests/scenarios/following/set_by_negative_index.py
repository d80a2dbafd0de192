from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class NoteConfig(PretrainedConfig):
    model_type = "note"

    def __init__(self, vocab_size=50, hidden_size=16, tie_word_embeddings=False, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class NoteForMaskedLM(PreTrainedModel):  # expect: TIE004
    config_class = NoteConfig
    base_model_prefix = "note"

    def __init__(self, config):
        super().__init__(config)
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Sequential(
            nn.Linear(config.hidden_size, config.hidden_size),
            nn.GELU(),
            nn.Linear(config.hidden_size, config.vocab_size),
        )
        self.post_init()

    def get_input_embeddings(self):
        return self.embed

    def set_input_embeddings(self, value):
        self.embed = value

    def get_output_embeddings(self):
        return self.head[-1]

    def set_output_embeddings(self, new_embeddings):
        self.head[-1] = new_embeddings
