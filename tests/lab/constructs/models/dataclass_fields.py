"""Configs that are dataclasses with ``field(…)``: in 5.x their file cannot be imported."""

from dataclasses import dataclass, field
import dataclasses
from torch import nn
from common import Base as _Base
from transformers import PretrainedConfig


class B(_Base):
    skipped = True


@dataclass
class PostInitConfig(PretrainedConfig):
    model_type = "d2"
    vocab_size: int = 40
    hidden_size: int = 16
    layers: list = field(default_factory=lambda: [1, 2])

    def __post_init__(self):
        super().__init__()


class BaseInitInPostInit(B):
    skipped = False
    config_class = PostInitConfig

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList([nn.Linear(n, n) for n in getattr(config, "layers", [1])])
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


@dataclass(kw_only=True)
class KeywordsConfig(PretrainedConfig):
    model_type = "d6"
    vocab_size: int = 40
    hidden_size: int = 16
    extra: dict = dataclasses.field(default_factory=dict)

    def __post_init__(self, **kw):
        super().__post_init__(**kw) if hasattr(super(), "__post_init__") else super().__init__(**kw)


class KeywordsOnly(BaseInitInPostInit):
    skipped = False
    config_class = KeywordsConfig
