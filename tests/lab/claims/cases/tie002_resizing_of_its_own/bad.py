from torch import nn
from transformers import GemmaPreTrainedModel


class AcmeModel(GemmaPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def set_input_embeddings(self, value):
        self.words = value

    def resize_token_embeddings(self, new_num_tokens=None, pad_to_multiple_of=None, mean_resizing=True):
        self.words = self._get_resized_embeddings(self.words, new_num_tokens, mean_resizing=mean_resizing)
        return self.words
