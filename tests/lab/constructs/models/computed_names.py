"""Attributes under names that are computed."""

import os
from torch import nn
from common import Base as _Base, Config as C
from transformers import PreTrainedModel, PretrainedConfig


class B(_Base):
    skipped = True


HOST = os.environ.get("HOSTNAME_X", "abc")
NAME = os.uname().nodename


class KnownNames(B):
    """Computed of known parts."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        for i in range(config.n):
            setattr(self, "layer_" + str(i), nn.Linear(2, 2))
            setattr(self, f"norm{i}", nn.LayerNorm(2))
            setattr(self, "%s_%d" % ("x", i), nn.Linear(2, 2))
            setattr(self, "{}_{}".format("y", i), nn.Linear(2, 2))
            setattr(self, "_".join(["z", str(i)]), nn.Linear(2, 2))
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class PlainValue(B):
    """Unknown name, plain value."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        setattr(self, "a" + NAME, 3)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class ModuleOfItsOwn(B):
    """Unknown name, module of its own."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        setattr(self, "a" + NAME, nn.Linear(2, 2))
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class ModuleInQuestion(B):
    """Unknown name, module in question."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        setattr(self, "a" + NAME, self.emb)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class OnAnotherModule(B):
    """Unknown attribute name on another object."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.part = nn.Linear(2, 2)
        setattr(self.part, "a" + NAME, nn.Linear(2, 2))
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class Registered(B):
    """Add_module, register_module, register_parameter, ModuleDict under unknown name."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.add_module("a" + NAME, nn.Linear(2, 2))
        self.d = nn.ModuleDict({"a" + NAME: nn.Linear(2, 2)})
        self.d["b" + NAME] = nn.Linear(2, 2)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class ReadBack(B):
    """Read back by unknown name."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        setattr(self, "a" + NAME, nn.Linear(2, 2))
        self.again = getattr(self, "a" + NAME)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class NamesConfig(PretrainedConfig):
    model_type = "s8"
    head_name = "head"

    def __init__(self, vocab_size=40, hidden_size=16, names=("emb", "head"), tie_word_embeddings=True, **kw):
        self.vocab_size, self.hidden_size, self.names = vocab_size, hidden_size, names
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kw)


class NamesOfTheConfig(B):
    """Names of the config, and a loop over (name, class)."""

    skipped = False
    config_class = NamesConfig

    def __init__(self, config):
        super().__init__(config)
        a, b = config.names
        setattr(self, a, nn.Embedding(config.vocab_size, config.hidden_size))
        setattr(self, config.head_name, nn.Linear(config.hidden_size, config.vocab_size, bias=False))
        for name, kind in {"x": nn.Linear, "y": nn.Linear}.items():
            setattr(self, name, kind(2, 2))
        self.__setattr__("q", nn.Linear(2, 2))
        nn.Module.__setattr__(self, "r", nn.Linear(2, 2))
        self.__dict__["hidden_emb"] = self.emb
        self.post_init()


class SpreadConfig(PretrainedConfig):
    model_type = "s9"

    def __init__(self, vocab_size=40, hidden_size=16, tie_word_embeddings=True, **kw):
        for k, v in {"vocab_size": vocab_size, "hidden_size": hidden_size}.items():
            setattr(self, k, v)
        for k, v in os.environ.items():
            if k.startswith("S9_"):
                setattr(self, k, v)
        setattr(self, "z" + NAME, 4)
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kw)


class UnknownNamesInTheConfig(B):
    skipped = False
    config_class = SpreadConfig

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class KeywordArguments(B):
    """Kwargs spread to attributes."""

    skipped = False

    def __init__(self, config, **kwargs):
        super().__init__(config)
        for k, v in kwargs.items():
            setattr(self, k, v)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.__dict__.update(kwargs)
        vars(self).update({"foo": 3})
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
