"""Models whose ``__init__`` loads another one: from 5.0 they are built under ``torch.device("meta")``."""

from torch import nn
from transformers import AutoConfig, AutoModel, BertModel, PretrainedConfig, PreTrainedModel


class NoteConfig(PretrainedConfig):
    model_type = "note"

    def __init__(self, text="some/bert", pretrained=False, hidden_size=16, **kwargs):
        self.text = text
        self.pretrained = pretrained
        self.hidden_size = hidden_size
        super().__init__(**kwargs)


class LoadingModel(PreTrainedModel):
    config_class = NoteConfig

    def __init__(self, config):
        super().__init__(config)
        self.bert = AutoModel.from_pretrained(config.text)  # expect[5.23.0]: TIE006
        self.head = nn.Linear(config.hidden_size, 2)
        self.post_init()


class LoadingBertModel(PreTrainedModel):
    config_class = NoteConfig

    def __init__(self, config):
        super().__init__(config)
        self.bert = BertModel.from_pretrained("some/bert")  # expect[5.23.0]: TIE006
        self.head = nn.Linear(config.hidden_size, 2)
        self.post_init()


class OnceModel(PreTrainedModel):
    config_class = NoteConfig

    def __init__(self, config):
        super().__init__(config)
        if config.pretrained:
            self.bert = AutoModel.from_pretrained(config.text)
        else:
            self.bert = AutoModel.from_config(AutoConfig.for_model("bert", hidden_size=48))
        self.head = nn.Linear(config.hidden_size, 2)
        self.post_init()


class PlacedModel(PreTrainedModel):
    config_class = NoteConfig

    def __init__(self, config):
        super().__init__(config)
        self.bert = AutoModel.from_pretrained(config.text, device_map="cpu")
        self.head = nn.Linear(config.hidden_size, 2)
        self.post_init()


class TwiceModel(PreTrainedModel):
    config_class = NoteConfig

    def __init__(self, config):
        super().__init__(config)
        self.words = AutoConfig.from_pretrained(config.text)
        self.bert = AutoModel.from_pretrained(config.text)  # expect[5.23.0]: TIE006
        self.other = BertModel.from_pretrained("some/bert")
        self.head = nn.Linear(config.hidden_size, 2)
        self.post_init()


class AskedConfig(PretrainedConfig):
    model_type = "asked"

    def __init__(self, pretrained, **kwargs):
        self.pretrained = pretrained
        super().__init__(**kwargs)


class AskedModel(PreTrainedModel):
    config_class = AskedConfig

    def __init__(self, config):
        super().__init__(config)
        if config.pretrained:
            self.bert = AutoModel.from_pretrained("some/bert")
        else:
            self.bert = AutoModel.from_config(AutoConfig.for_model("bert", hidden_size=48))
        self.post_init()
