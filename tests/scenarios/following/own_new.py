import torch.nn as nn
from transformers import PretrainedConfig, PreTrainedModel


class AcmeConfig(PretrainedConfig):
    model_type = "acme"

    def __init__(self, vocab_size=100, hidden_size=16, tie_word_embeddings=True, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class Acme(PreTrainedModel):  # expect: TIE002  # expect[4.51.3]: TIE001
    config_class = AcmeConfig

    def __new__(cls, *args, **kwargs):
        return super().__new__(cls)

    def __init__(self, config):
        super().__init__(config)
        self.wte = nn.Embedding(config.vocab_size, config.hidden_size)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
