"""Code of the class's own resizes one of several tables and sets what the getter returns: none of them."""

from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class MConfig(PretrainedConfig):
    model_type = "m"

    def __init__(self, vocab_size=64, hidden_size=16, tie_word_embeddings=True, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class Tables(nn.Module):
    def __init__(self, config):
        super().__init__()
        half = config.vocab_size // 2
        self.layers = nn.ModuleList(nn.Embedding(half, config.hidden_size) for _ in range(2))


class MPreTrainedModel(PreTrainedModel):
    config_class = MConfig
    base_model_prefix = "model"

    def resize_token_embeddings(self, count):
        tables = self.get_input_embeddings()
        rest = count - tables.layers[0].num_embeddings
        tables.layers[1] = self._get_resized_embeddings(tables.layers[1], rest)
        self.set_input_embeddings(tables)
        self.config.vocab_size = count
        return tables


class MModel(MPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.words = Tables(config)
        self.post_init()

    def get_input_embeddings(self):  # expect: TIE402
        return self.words


class MSoundModel(MPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.words = Tables(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value


class MReader(MPreTrainedModel):
    """Nobody sets what it reads by."""

    def __init__(self, config):
        super().__init__(config)
        self.words = Tables(config)
        self.post_init()

    def resize_token_embeddings(self, count):
        return self.get_input_embeddings()

    def get_input_embeddings(self):
        return self.words


class MOtherModel(PreTrainedModel):
    """Resizing of its own that knows its table: what the getter returns does not matter to it."""

    config_class = MConfig

    def __init__(self, config):
        super().__init__(config)
        self.words = Tables(config)
        self.drop = nn.Dropout(0.1)
        self.post_init()

    def resize_token_embeddings(self, count):
        tables = self.words
        tables.layers[1] = self._get_resized_embeddings(tables.layers[1], count)
        self.set_input_embeddings(tables)
        return tables

    def get_input_embeddings(self):
        return self.drop

    def set_input_embeddings(self, value):
        self.words = value
