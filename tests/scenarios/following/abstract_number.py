from numbers import Real

from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class NoteConfig(PretrainedConfig):
    model_type = "note"

    def __init__(self, vocab_size=50, hidden_size=16, rate=0.1, tie_word_embeddings=True, **kwargs):
        if isinstance(rate, bool) or not isinstance(rate, Real):
            raise TypeError("rate must be a real number")
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.rate = rate
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class NotePreTrainedModel(PreTrainedModel):
    config_class = NoteConfig
    base_model_prefix = "model"


class NoteModel(NotePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.embed_tokens

    def set_input_embeddings(self, value):
        self.embed_tokens = value


class NoteForCausalLM(NotePreTrainedModel):  # expect: TIE004
    def __init__(self, config):
        super().__init__(config)
        self.model = NoteModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, value):
        self.lm_head = value
