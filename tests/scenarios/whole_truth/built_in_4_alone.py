"""Models that the newest 4.x release builds with their default config, and 5.x does not: each was built in
4.57.6 and in 5.23.0. And three that are the same in both."""

from torch import nn
from transformers import LlamaConfig, PretrainedConfig, PreTrainedModel
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS


class Notes(PreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value

    def forward(self, input_ids):
        return self.words(input_ids)


class FieldGone(Notes):
    config_class = LlamaConfig

    def __init__(self, config):
        super().__init__(config)
        self.base = config.rope_theta  # expect[5.23.0]: TIE006


class FieldOrDefault(Notes):
    config_class = LlamaConfig

    def __init__(self, config):
        super().__init__(config)
        self.base = getattr(config, "rope_theta", 10000.0)


class Turning(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.compute = ROPE_INIT_FUNCTIONS[kind]


class EntryGone(Notes):  # expect[5.23.0]: TIE006
    config_class = LlamaConfig

    def __init__(self, config):
        super().__init__(config)
        self.turning = Turning("default")


class DiaryConfig(PretrainedConfig):
    model_type = "diary"

    def __init__(self, pages=7, vocab_size=40, hidden_size=16, **kwargs):
        self.pages, self.vocab_size, self.hidden_size = pages, vocab_size, hidden_size
        super().__init__(**kwargs)


class Diary(Notes):
    config_class = DiaryConfig

    def __init__(self, config):
        super().__init__(config)
        self.pages = nn.Linear(config.hidden_size, config.pages)


class LogbookConfig(DiaryConfig):
    """From 5.0 on a config's class gets an ``__init__`` of its own, which does not call the one below it."""

    model_type = "logbook"


class Logbook(PreTrainedModel):
    config_class = LogbookConfig

    def __init__(self, config):
        super().__init__(config)
        self.pages = nn.Linear(8, config.pages)  # expect[5.23.0]: TIE006
        self.post_init()

    def forward(self, hidden):
        return self.pages(hidden)


class ToldWhatToBeConfig(PretrainedConfig):
    model_type = "told"

    def __init__(self, kind=None, vocab_size=40, hidden_size=16, **kwargs):
        self.kind, self.vocab_size, self.hidden_size = kind, vocab_size, hidden_size
        super().__init__(**kwargs)


class ToldWhatToBe(Notes):
    """It has to be told in both."""

    config_class = ToldWhatToBeConfig

    def __init__(self, config):
        super().__init__(config)
        self.size = config.kind["size"]
