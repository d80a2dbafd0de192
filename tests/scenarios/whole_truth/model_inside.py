"""A complete language model inside another model. Up to 4.55 the outer ``tie_weights()`` does not ask it again:
in 4.51.3 the head comes back with other values, in 4.57.6 and 5.x with its own. Resizing raises everywhere."""

from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel, PretrainedConfig, PreTrainedModel


class ReaderConfig(PretrainedConfig):
    model_type = "reader"

    def __init__(self, lm=None, dim=16, **kwargs):
        self.lm = lm if isinstance(lm, GPT2Config) else GPT2Config(**(lm or {}))
        self.dim = dim
        super().__init__(**kwargs)


class ReaderForGeneration(PreTrainedModel):  # expect: TIE002  # expect[4.51.3]: TIE108
    config_class = ReaderConfig

    def __init__(self, config):
        super().__init__(config)
        self.project = nn.Linear(config.dim, config.lm.n_embd)
        self.lm = GPT2LMHeadModel(config.lm)
        self.post_init()


class AskingReader(PreTrainedModel):
    """The same with what ties it again, and what resizing asks for."""

    config_class = ReaderConfig

    def __init__(self, config):
        super().__init__(config)
        self.lm = GPT2LMHeadModel(config.lm)
        self.post_init()

    def get_input_embeddings(self):
        return self.lm.get_input_embeddings()

    def set_input_embeddings(self, value):
        self.lm.set_input_embeddings(value)

    def get_output_embeddings(self):
        return self.lm.get_output_embeddings()

    def set_output_embeddings(self, new_embeddings):
        self.lm.set_output_embeddings(new_embeddings)

    def tie_weights(self, *args, **kwargs):
        super().tie_weights(*args, **kwargs)
        self.lm.tie_weights(*args, **kwargs)
