"""Parameters that have the numbers of others, and are others."""

import torch
from torch import nn
from common import Base as _Base, Config as C


class B(_Base):
    skipped = True
    _tied_weights_keys = None


class C0(C):
    model_type = "c0"

    def __init__(self, tie_word_embeddings=False, **kw):
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kw)


class DataOfTheEmbedding(B):
    skipped = False
    config_class = C0

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.head.weight.data = self.emb.weight.data
        self.post_init()


class DataWhereTyingIsAsked(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.head.weight.data = self.emb.weight.data
        self.post_init()


class Copies(B):
    """A copy."""

    skipped = False
    config_class = C0

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.head.weight.data = self.emb.weight.data.clone()
        self.head2 = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.head2.weight.data.copy_(self.emb.weight.data)
        self.post_init()


class ParameterOfData(B):
    """A parameter over data."""

    skipped = False
    config_class = C0

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.head.weight = nn.Parameter(self.emb.weight.data)
        self.post_init()


class BufferOfData(B):
    """Buffer over data."""

    skipped = False
    config_class = C0

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.register_buffer("w", self.emb.weight.data)
        self.post_init()


class DataAndKeys(B):
    """Declared."""

    skipped = False
    config_class = C0
    _tied_weights_keys = {"head.weight": "emb.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.head.weight.data = self.emb.weight.data
        self.post_init()


class ParameterOfDetached(B):
    """Detach, view."""

    skipped = False
    config_class = C0

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.head.weight = nn.Parameter(self.emb.weight.detach())
        self.post_init()


class Transposed(B):
    """Transposed."""

    skipped = False
    config_class = C0

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.out = nn.Parameter(torch.empty(config.hidden_size, config.vocab_size))
        self.out.data = self.emb.weight.data.t()
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class DataInTieWeights(B):
    """In tie_weights."""

    skipped = False
    config_class = C0

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def tie_weights(self, **kw):
        self.head.weight.data = self.emb.weight.data


class DataOfOtherParts(B):
    """In init_weights, parts that have nothing to do with the head."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.a = nn.Linear(3, 3)
        self.b = nn.Linear(3, 3)
        self.b.weight.data = self.a.weight.data
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class OnlyNumbers(B):
    """Sets numbers."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.emb.weight.data = torch.randn(config.vocab_size, config.hidden_size)
        self.emb.weight.data[0] = 0
        self.emb.weight.data.normal_()
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.head.weight.data *= 2
        self.head.weight.data = self.head.weight.data.float()
        self.post_init()
