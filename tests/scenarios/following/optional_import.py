from torch import nn
from transformers import BertConfig, PreTrainedModel

try:
    from mamba_ssm.ops.triton.layernorm import RMSNorm, layer_norm_fn
except ImportError:
    try:
        from mamba_ssm.ops.triton.layer_norm import RMSNorm, layer_norm_fn
    except ImportError:
        RMSNorm, layer_norm_fn = None, None


class Mixer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        if layer_norm_fn is None:
            raise ImportError("no Triton kernels")
        self.norm = nn.LayerNorm(config.hidden_size)


class NoteForMaskedLM(PreTrainedModel):  # expect: TIE004
    config_class = BertConfig
    base_model_prefix = "note"

    def __init__(self, config):
        super().__init__(config)
        self.mixer = Mixer(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.mixer.words

    def set_input_embeddings(self, value):
        self.mixer.words = value

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, value):
        self.lm_head = value
