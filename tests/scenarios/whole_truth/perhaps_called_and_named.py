"""Whether ``post_init()`` is called, and what the prefix is, hangs on code that is not read: neither is an error."""

from elsewhere import unread
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class NoteConfig(PretrainedConfig):
    model_type = "note"

    def __init__(self, vocab_size=40, hidden_size=16, **kwargs):
        self.vocab_size, self.hidden_size = vocab_size, hidden_size
        super().__init__(**kwargs)


class NotePreTrainedModel(PreTrainedModel):
    config_class = NoteConfig
    base_model_prefix = unread()


class NoteModel(NotePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        (self.post_init if unread() else self.init_weights)()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value

    def forward(self, input_ids):
        return self.words(input_ids)


class NoteForTagging(NotePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.model = NoteModel(config)
        self.tags = nn.Linear(config.hidden_size, 3)
        getattr(self, "post_init" if unread() else "eval")()

    def forward(self, input_ids):
        return self.tags(self.model(input_ids))


class NoteForCounting(NotePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.model = NoteModel(config)
        {"now": self.post_init}.get(unread(), print)()

    def forward(self, input_ids):
        return self.model(input_ids)
