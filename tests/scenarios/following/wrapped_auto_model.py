from torch import nn
from transformers import AutoModelForCausalLM, PretrainedConfig, PreTrainedModel


class WrapperConfig(PretrainedConfig):
    model_type = "wrapper"

    def __init__(self, base_model_name="meta-llama/Llama-3.2-1B", mag_weight=0.5, **kwargs):
        super().__init__(**kwargs)
        self.base_model_name = base_model_name
        self.mag_weight = mag_weight


class WrapperModel(PreTrainedModel):  # expect[5.23.0]: TIE005
    config_class = WrapperConfig

    def __init__(self, config, **kwargs):
        super().__init__(config)
        self.backbone = AutoModelForCausalLM.from_pretrained(config.base_model_name)  # expect[5.23.0]: TIE006

    def forward(self, input_ids=None, **kwargs):
        return self.backbone(input_ids=input_ids, **kwargs)
