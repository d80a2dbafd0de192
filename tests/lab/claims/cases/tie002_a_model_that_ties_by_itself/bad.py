from torch import nn
from transformers import GemmaPreTrainedModel


class AcmeModel(GemmaPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()


class AcmeForCausalLM(GemmaPreTrainedModel):
    _tied_weights_keys = {"head.weight": "model.words.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = AcmeModel(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def tie_weights(self, *args, **kwargs):
        if self.config.tie_word_embeddings:
            self.head.weight = self.model.words.weight
