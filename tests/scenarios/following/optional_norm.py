"""What is installed decides on the norm, the attention and the precision, none of which ties anything."""

import math
import pathlib

import torch
from torch import nn
from transformers import BertConfig, PreTrainedModel

CUDA = torch.cuda.is_available()


class Norm(nn.Module):
    def __init__(self, hidden_size, eps=1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))


try:
    from functools import partial

    from apex.normalization import FusedRMSNorm

    Norm = partial(FusedRMSNorm, eps=1e-6)
except ImportError:
    pass

try:
    from flash_attn import flash_attn_func

    has_flash_attn = True
except:
    has_flash_attn = False


class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.query = nn.Linear(config.hidden_size, config.hidden_size)
        self._init_rope()
        steps = [math.log(i, 2048) if i > 2048 else 1 for i in range(1, 32768)]
        self.register_buffer("steps", torch.tensor(steps), persistent=False)
        sources = pathlib.Path(__file__).parent
        self.kernels = all((sources / name).is_file() for name in ("one.cu", "two.cu"))

    def _init_rope(self):
        self.rotary_emb = nn.Linear(1, 1)
        return self.rotary_emb


class FlashAttention(Attention):
    pass


ATTENTION = {"eager": Attention, "flash": FlashAttention}


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.attention = ATTENTION[config.attn](config=config)
        self.norm = Norm(config.hidden_size, eps=1e-6)


class MineConfig(BertConfig):
    def __init__(self, attn="flash", **kwargs):
        self.attn = attn
        super().__init__(**kwargs)


class MinePreTrainedModel(PreTrainedModel):
    config_class = MineConfig
    base_model_prefix = "model"


class MineModel(MinePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        if not has_flash_attn:
            config.attn = "eager"
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList([Layer(config) for _ in range(config.num_hidden_layers)])
        self.norm = Norm(config.hidden_size, eps=1e-6)
        self.post_init()

    def get_input_embeddings(self):
        return self.embed_tokens

    def set_input_embeddings(self, value):
        self.embed_tokens = value


class MineForCausalLM(MinePreTrainedModel):  # expect: TIE004
    def __init__(self, config):
        super().__init__(config)
        self.model = MineModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        if CUDA:
            self.model.half()
            self.lm_head.half()
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings
