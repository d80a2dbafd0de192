from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class SeriesConfig(PretrainedConfig):
    model_type = "series"

    def __init__(self, width=16, **kwargs):
        self.width = width
        super().__init__(**kwargs)


class SeriesPreTrainedModel(PreTrainedModel):
    config_class = SeriesConfig
    base_model_prefix = "model"  # expect: TIE101


class SeriesModel(SeriesPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.encoder = nn.Linear(config.width, config.width)
        self.post_init()


class SeriesForPrediction(SeriesPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.backbone = SeriesModel(config)
        self.head = nn.Linear(config.width, 1)
        self.post_init()
