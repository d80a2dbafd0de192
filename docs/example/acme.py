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

    def get_input_embeddings(self):
        return self.tokens

    def set_input_embeddings(self, value):
        self.tokens = value


class AcmeForCausalLM(AcmePreTrainedModel):
    _tied_weights_keys = {"head.weight": "acme.tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.acme = AcmeModel(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class AcmeForMaskedLM(AcmePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.acme = AcmeModel(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.head

    def set_output_embeddings(self, new_embeddings):
        self.head = new_embeddings
