"""A decoder's head that has the weight of the decoder's table, as both are made: resizing the encoder's table
does not reach it where the config says not to tie all three."""

from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class MConfig(PretrainedConfig):
    model_type = "m"

    def __init__(self, vocab_size=64, hidden_size=16, tie_word_embeddings=True, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class MPart(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)


class MDecoder(MPart):
    def __init__(self, config):
        super().__init__(config)
        self.projection = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.projection.weight = self.words.weight


class MPreTrainedModel(PreTrainedModel):
    config_class = MConfig
    base_model_prefix = "model"


class MBase(MPreTrainedModel):  # expect: TIE001  # expect[5.23.0]: TIE108
    _tied_weights_keys = {
        "decoder.words.weight": "encoder.words.weight",
        "decoder.projection.weight": "encoder.words.weight",
    }

    def __init__(self, config):
        super().__init__(config)
        self.encoder = MPart(config)
        self.decoder = MDecoder(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.encoder.words

    def set_input_embeddings(self, value):
        self.encoder.words = value

    def _tie_weights(self):
        if self.config.tie_word_embeddings:
            self.decoder.words.weight = self.encoder.words.weight
        self.decoder.projection.weight = self.decoder.words.weight


class MWithoutSetter(MBase):  # expect[5.23.0]: TIE108
    def get_output_embeddings(self):  # expect: TIE401
        return self.decoder.words


class MWhole(MBase):  # expect[5.23.0]: TIE108
    def get_output_embeddings(self):
        return self.decoder.words

    def set_output_embeddings(self, value):
        self.decoder.words = value
