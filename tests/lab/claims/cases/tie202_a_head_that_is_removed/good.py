from torch import nn
from transformers import GemmaModel, GemmaPreTrainedModel


class AcmeForCausalLM(GemmaPreTrainedModel):
    _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = GemmaModel(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.head

    def set_output_embeddings(self, new_embeddings):
        self.head = new_embeddings
