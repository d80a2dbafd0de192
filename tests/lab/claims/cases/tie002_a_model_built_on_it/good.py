from torch import nn
from transformers import GemmaPreTrainedModel


class AcmeModel(GemmaPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value


class AcmeForCausalLM(GemmaPreTrainedModel):
    _tied_weights_keys = {"head.weight": "model.words.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = AcmeModel(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.head

    def set_output_embeddings(self, new_embeddings):
        self.head = new_embeddings
