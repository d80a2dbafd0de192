"""A family of its own whose parts have configs of their own, and a prefix that is not the backbone's name."""

from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class SightConfig(PretrainedConfig):
    model_type = "sight_part"

    def __init__(self, hidden_size=16, **kwargs):
        self.hidden_size = hidden_size
        super().__init__(**kwargs)


class NoteConfig(PretrainedConfig):
    model_type = "note"
    sub_configs = {"sight_config": SightConfig}

    def __init__(self, vocab_size=50, hidden_size=16, sight_config=None, tie_word_embeddings=True, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.sight_config = SightConfig(**(sight_config or {}))
        self.tie_word_embeddings = tie_word_embeddings
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class NotePreTrainedModel(PreTrainedModel):
    config_class = NoteConfig
    base_model_prefix = "note"  # expect: TIE101


class SightModel(NotePreTrainedModel):
    config_class = SightConfig

    def __init__(self, config):
        super().__init__(config)
        self.patches = nn.Linear(config.hidden_size, config.hidden_size)
        self.post_init()


class NoteModel(NotePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.sight = SightModel(config.sight_config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value


class NoteForCausalLM(NotePreTrainedModel):
    _tied_weights_keys = {"head.weight": "model.words.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = NoteModel(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.model.words

    def set_input_embeddings(self, value):
        self.model.words = value

    def get_output_embeddings(self):
        return self.head

    def set_output_embeddings(self, new_embeddings):
        self.head = new_embeddings
