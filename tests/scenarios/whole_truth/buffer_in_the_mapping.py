# After transformers 42837 (SAM 2 video): an entry of the mapping names a buffer.
import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class SConfig(PretrainedConfig):
    model_type = "s"

    def __init__(self, hidden_size=16, tie_word_embeddings=True, **kwargs):
        self.hidden_size = hidden_size
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class Positional(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.register_buffer("positional_embedding", torch.randn(2, config.hidden_size))


class PromptEncoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.shared_embedding = Positional(config)


class SModel(PreTrainedModel):
    config_class = SConfig
    base_model_prefix = "sam"
    _tied_weights_keys = {  # expect[5.23.0]: TIE102
        "prompt_encoder.shared_embedding.positional_embedding": "shared_image_embedding.positional_embedding"
    }

    def __init__(self, config):
        super().__init__(config)
        self.neck = nn.Linear(config.hidden_size, 1)
        self.shared_image_embedding = Positional(config)
        self.prompt_encoder = PromptEncoder(config)
        self.post_init()
