"""A language model inside, whose config `__init__` makes of a dict: the class's own config has no vocabulary, and
resizing raises all the same."""

import torch.nn as nn
from transformers import PretrainedConfig, PreTrainedModel, T5Config, T5ForConditionalGeneration


class InversionConfig(PretrainedConfig):
    model_type = "inversion"

    def __init__(self, t5=None, **kwargs):
        self.t5 = t5 or {"d_model": 64}
        super().__init__(**kwargs)


class InversionModel(PreTrainedModel):  # expect: TIE002  # expect[4.51.3]: TIE108
    config_class = InversionConfig

    def __init__(self, config):
        super().__init__(config)
        self.encoder_decoder = T5ForConditionalGeneration(T5Config(**config.t5))
        self.project = nn.Linear(8, config.t5["d_model"])
        self.post_init()


class AskingModel(InversionModel):
    def get_input_embeddings(self):
        return self.encoder_decoder.get_input_embeddings()

    def set_input_embeddings(self, value):
        self.encoder_decoder.set_input_embeddings(value)

    def get_output_embeddings(self):
        return self.encoder_decoder.get_output_embeddings()

    def set_output_embeddings(self, new_embeddings):
        self.encoder_decoder.set_output_embeddings(new_embeddings)
