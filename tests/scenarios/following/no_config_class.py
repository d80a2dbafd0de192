import torch.nn as nn
from transformers import PretrainedConfig, PreTrainedModel


class AcmePreTrainedModel(PreTrainedModel):
    base_model_prefix = "model"


class AcmeModel(AcmePreTrainedModel):  # expect: TIE002
    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()


class AcmeForCausalLM(AcmePreTrainedModel):  # expect[4.51.3]: TIE001  # expect[5.23.0]: TIE005
    _tied_weights_keys = ["head.weight"]  # expect[5.23.0]: TIE301

    def __init__(self, config):
        super().__init__(config)
        self.model = AcmeModel(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
