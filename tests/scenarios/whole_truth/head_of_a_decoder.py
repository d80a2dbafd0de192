"""A model of an encoder and a decoder, whose keys tie the head to the embedding of the decoder. What is around it
hands out the embedding of the encoder, to which 4.x ties the head; in 5.x it needs no keys of its own, and
resizing leaves the head at its old size, as the decoder's embedding has it."""

from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class MConfig(PretrainedConfig):
    model_type = "m"

    def __init__(self, vocab_size=64, hidden_size=16, tie_word_embeddings=True, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.tie_word_embeddings = tie_word_embeddings
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class MPreTrainedModel(PreTrainedModel):
    config_class = MConfig
    base_model_prefix = "model"


class MStack(MPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.embed_tokens

    def set_input_embeddings(self, value):
        self.embed_tokens = value


class MForConditionalGeneration(MPreTrainedModel):
    _tied_weights_keys = {"lm_head.weight": "decoder.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.encoder = MStack(config)
        self.decoder = MStack(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.encoder.get_input_embeddings()

    def set_input_embeddings(self, value):
        self.encoder.set_input_embeddings(value)

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, value):  # expect[5.23.0]: TIE401
        self.lm_head = value


class MAround(MPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.part = MForConditionalGeneration(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.part.get_input_embeddings()

    def set_input_embeddings(self, value):
        self.part.set_input_embeddings(value)

    def get_output_embeddings(self):
        return self.part.get_output_embeddings()

    def set_output_embeddings(self, value):
        self.part.set_output_embeddings(value)
