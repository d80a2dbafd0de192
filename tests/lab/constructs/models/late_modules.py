"""Modules that are built late, of configs that change."""

import copy
from torch import nn
from common import Base as _Base, Config as C
from transformers import LlamaConfig, LlamaModel, AutoModel, AutoConfig, BertConfig


class B(_Base):
    skipped = True


class Part(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.a = nn.Linear(config.hidden_size, config.n)
        self.layers = nn.ModuleList([nn.Linear(2, 2) for _ in range(config.n)])


class ConfigChangesBetween(B):
    """Config changed between modules."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.p = Part(config)
        config.n = 1
        self.q = Part(config)
        c2 = copy.deepcopy(config)
        c2.n = 2
        self.r = Part(c2)
        for i in range(2):
            config.n = i
            self.add_module(f"s{i}", Part(config))
        config.vocab_size = 50
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        config.vocab_size = 40
        self.post_init()


class BuiltByAProperty(B):
    """Built on demand by a property."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self._emb = None
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    @property
    def emb(self):
        if self._emb is None:
            self._emb = nn.Embedding(self.config.vocab_size, self.config.hidden_size)
        return self._emb

    _tied_weights_keys = {"head.weight": "_emb.weight"}


class FoundByGetattr(B):
    "__getattr__"

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.inner = nn.Module()
        self.inner.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.inner.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def __getattr__(self, name):
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(super().__getattr__("inner"), name)

    _tied_weights_keys = {"inner.head.weight": "inner.emb.weight"}


class BuiltByClosures(B):
    """Closure that builds later."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        makers = [lambda n=n: nn.Linear(n, n) for n in (1, 2)]
        makers2 = [lambda: nn.Linear(n, n) for n in (1, 2)]
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.l = nn.ModuleList([m() for m in makers])
        self.k = nn.ModuleList([m() for m in makers2])
        todo = []
        todo.append(("head", lambda: nn.Linear(config.hidden_size, config.vocab_size, bias=False)))
        for name, make in todo:
            setattr(self, name, make())

        def finish():
            self.z = nn.Linear(2, 2)

        finish()
        self.post_init()


class ModelsOfAChangedConfig(B):
    """Sub model of a changed copy."""

    skipped = False
    _tied_weights_keys = {"head.weight": "m.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        c = LlamaConfig(
            vocab_size=config.vocab_size,
            hidden_size=16,
            intermediate_size=8,
            num_hidden_layers=2,
            num_attention_heads=2,
        )
        self.m = LlamaModel(c)
        c.num_hidden_layers = 1
        self.m2 = LlamaModel(c)
        self.m3 = AutoModel.from_config(c)
        del self.m2.layers[0]
        self.m3.layers = self.m3.layers[:1]
        self.m3.embed_tokens = None
        self.head = nn.Linear(16, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.m.embed_tokens


class TiedPartsOfModels(B):
    """Tie by hand of library model part."""

    skipped = False
    _tied_weights_keys = None

    def __init__(self, config):
        super().__init__(config)
        c = LlamaConfig(
            vocab_size=config.vocab_size,
            hidden_size=16,
            intermediate_size=8,
            num_hidden_layers=2,
            num_attention_heads=2,
        )
        self.m = LlamaModel(c)
        self.n = LlamaModel(c)
        self.n.embed_tokens = self.m.embed_tokens
        self.n.layers[0].mlp.up_proj.weight = self.m.layers[0].mlp.up_proj.weight
        self.head = nn.Linear(16, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.m.embed_tokens
