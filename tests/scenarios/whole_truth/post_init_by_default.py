"""``post_init()`` behind a condition that holds where the library builds the model."""

from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class NoteConfig(PretrainedConfig):
    model_type = "note"

    def __init__(self, hidden_size=16, **kwargs):
        self.hidden_size = hidden_size
        super().__init__(**kwargs)


class ByArgument(PreTrainedModel):
    config_class = NoteConfig

    def __init__(self, config, initialise=True):
        super().__init__(config)
        self.proj = nn.Linear(config.hidden_size, config.hidden_size)
        if initialise:
            self.post_init()


class UnlessAsked(PreTrainedModel):
    config_class = NoteConfig

    def __init__(self, config, *, skip_init=False):
        super().__init__(config)
        self.proj = nn.Linear(config.hidden_size, config.hidden_size)
        if not skip_init:
            self.post_init()


class OnlyItself(PreTrainedModel):
    config_class = NoteConfig

    def __init__(self, config):
        super().__init__(config)
        self.proj = nn.Linear(config.hidden_size, config.hidden_size)
        if type(self) is OnlyItself:
            self.post_init()


class Derived(OnlyItself):
    def __init__(self, config):
        super().__init__(config)
        self.more = nn.Linear(config.hidden_size, config.hidden_size)
        self.post_init()


class DerivedWithout(OnlyItself):  # expect[5.23.0]: TIE005
    def __init__(self, config):
        super().__init__(config)
        self.more = nn.Linear(config.hidden_size, config.hidden_size)


class ByConfig(PreTrainedModel):  # expect[5.23.0]: TIE005
    config_class = NoteConfig

    def __init__(self, config):
        super().__init__(config)
        self.proj = nn.Linear(config.hidden_size, config.hidden_size)
        if config.hidden_size > 8:
            self.post_init()


class SwitchedOff(PreTrainedModel):  # expect[5.23.0]: TIE005
    config_class = NoteConfig

    def __init__(self, config, initialise=False):
        super().__init__(config)
        self.proj = nn.Linear(config.hidden_size, config.hidden_size)
        if initialise:
            self.post_init()
