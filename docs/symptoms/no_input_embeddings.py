from torch import nn
from transformers import GemmaConfig, PreTrainedModel


class AcmePreTrainedModel(PreTrainedModel):
    config_class = GemmaConfig
    base_model_prefix = "acme"


class AcmeModel(AcmePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()
