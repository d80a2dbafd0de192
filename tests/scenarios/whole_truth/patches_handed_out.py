"""As BLIP up to 4.46: resizing raises or grows the convolution, and leaves the words as they are."""

from torch import nn
from transformers import GemmaConfig, GemmaPreTrainedModel


class TextDecoder(GemmaPreTrainedModel):  # expect: TIE001
    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value


class Captioner(GemmaPreTrainedModel):
    config_class = GemmaConfig

    def __init__(self, config):
        super().__init__(config)
        self.patches = nn.Conv2d(3, config.hidden_size, 16, stride=16)
        self.decoder = TextDecoder(config)
        self.post_init()

    def get_input_embeddings(self):  # expect: TIE104
        return self.patches
