"""What a model needs and the default config lacks is given with each checkpoint: the head is looked at as it is
anywhere else. Seen with ``words={"<image>": 3}``."""

from torch import nn
from transformers import GemmaConfig, GemmaModel, GemmaPreTrainedModel, PretrainedConfig, PreTrainedModel


class PictureConfig(GemmaConfig):
    model_type = "picture"

    def __init__(self, words=None, **kwargs):
        super().__init__(**kwargs)
        self.words = words


class PictureForCausalLM(GemmaPreTrainedModel):  # expect: TIE001
    config_class = PictureConfig

    def __init__(self, config):
        super().__init__(config)
        self.image = config.words.get("<image>")
        self.model = GemmaModel(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class RightForCausalLM(PictureForCausalLM):
    _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}

    def get_output_embeddings(self):
        return self.head

    def set_output_embeddings(self, new_embeddings):
        self.head = new_embeddings


class PlainConfig(PretrainedConfig):
    model_type = "plain"


class AlwaysTiedModel(PreTrainedModel):
    """From 5.0 the default config lacks the flag: only a checkpoint that has it is built."""

    config_class = PlainConfig

    def __init__(self, config):
        super().__init__(config)
        if not config.tie_word_embeddings:  # expect[5.23.0]: TIE006
            raise ValueError("it ties its head")
        self.words = nn.Embedding(40, 16)
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value

    def forward(self, input_ids):
        return self.words(input_ids)
