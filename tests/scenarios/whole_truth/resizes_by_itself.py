"""Code of the class's own resizes, or refuses to, and does not ask for the head: from 5.0 nobody does."""

from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class MConfig(PretrainedConfig):
    model_type = "m"

    def __init__(self, vocab_size=64, hidden_size=16, tie_word_embeddings=True, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class MPreTrainedModel(PreTrainedModel):
    config_class = MConfig
    base_model_prefix = "model"


class MModel(MPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value


class MForCausalLM(MPreTrainedModel):  # expect[4.51.3]: TIE001
    _tied_weights_keys = {"head.weight": "model.words.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = MModel(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def resize_token_embeddings(self, *args, **kwargs):
        raise NotImplementedError("resize what is inside")
