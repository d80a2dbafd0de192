import importlib

from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

KERNELS = {}
fast_scan = None


def load_kernel(name, kernels=KERNELS):
    if name in kernels and callable(kernels[name]):
        return kernels[name]
    if importlib.util.find_spec("scans"):
        repository = importlib.import_module("scans").where(name)
        kernels[name] = importlib.import_module(repository)
        return kernels[name]
    return None


class ScanConfig(PretrainedConfig):
    def __init__(self, vocab_size=100, hidden_size=16, **kwargs):
        super().__init__(**kwargs)
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size


class ScanLayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        global fast_scan
        fast_scan = load_kernel("scan")
        self.mixer = nn.Linear(config.hidden_size, config.hidden_size)


class ScanForCausalLM(PreTrainedModel):  # expect[5.23.0]: TIE201
    config_class = ScanConfig
    _tied_weights_keys = {"lm_head.weight": "embed.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layer = ScanLayer(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.embed

    def set_input_embeddings(self, value):
        self.embed = value

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, value):
        self.lm_head = value
