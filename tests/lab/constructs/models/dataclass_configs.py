"""Dataclasses: configs, parts of configs, parts of models."""

from dataclasses import dataclass, field, fields, asdict, replace, is_dataclass, make_dataclass, InitVar
from typing import Optional, ClassVar
import dataclasses
from torch import nn
from common import Base as _Base, Config as C
from transformers import PretrainedConfig


class B(_Base):
    skipped = True


@dataclass
class BareConfig(PretrainedConfig):
    model_type = "d1"
    vocab_size: int = 40
    hidden_size: int = 16
    tie_word_embeddings: bool = True


class WithoutBaseInit(B):
    skipped = False
    config_class = BareConfig

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


@dataclass
class OwnInitConfig(PretrainedConfig):
    model_type = "d3"
    vocab_size: int = 40
    hidden_size: int = 16

    def __init__(self, vocab_size=41, **kw):
        self.vocab_size = vocab_size
        self.hidden_size = 8
        super().__init__(**kw)


class OwnInit(WithoutBaseInit):
    skipped = False
    config_class = OwnInitConfig


@dataclass
class Inner:
    vocab_size: int = 40
    hidden_size: int = 16
    tie: bool = True
    n: int = field(default=2)
    kinds: tuple = ("a", "b")

    @property
    def twice(self):
        return self.hidden_size * 2

    @classmethod
    def small(cls):
        return cls(vocab_size=30)


class NestedConfig(PretrainedConfig):
    model_type = "d4"

    def __init__(self, inner=None, tie_word_embeddings=True, **kw):
        self.inner = inner if inner is not None else Inner.small()
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kw)


class DataclassInside(B):
    skipped = False
    config_class = NestedConfig

    def __init__(self, config):
        super().__init__(config)
        c = config.inner
        d = replace(c, hidden_size=16)
        self.emb = nn.Embedding(c.vocab_size, d.hidden_size)
        self.layers = nn.ModuleList([nn.Linear(c.twice, c.twice) for _ in range(c.n)])
        for f in fields(c):
            if f.name == "kinds":
                self.k = nn.ModuleDict({k: nn.Linear(2, 2) for k in getattr(c, f.name)})
        for k, v in asdict(c).items():
            if isinstance(v, int) and k == "n":
                self.p = nn.Linear(v, v)
        if is_dataclass(c):
            self.q = nn.Linear(2, 2)
        if c.tie and Inner() == Inner():
            self.r = nn.Linear(1, 1)
        self.head = nn.Linear(d.hidden_size, c.vocab_size, bias=False)
        self.post_init()


@dataclass
class ModelArgs:
    dim: int = 16
    n_layers: int = 2
    vocab_size: int = 40
    multiple_of: Optional[int] = None
    hidden: InitVar[int] = 5
    KIND: ClassVar[str] = "x"
    rest: int = field(init=False)

    def __post_init__(self, hidden):
        self.rest = hidden + 1


class ArgumentsConfig(PretrainedConfig):
    model_type = "d5"

    def __init__(self, tie_word_embeddings=True, **kw):
        self.args = ModelArgs()
        self.more = asdict(self.args)
        for k, v in vars(self.args).items():
            setattr(self, k, v)
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kw)


class FieldsOfEveryKind(B):
    skipped = False
    config_class = ArgumentsConfig

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.dim)
        self.layers = nn.ModuleList([nn.Linear(config.rest, 2) for _ in range(config.n_layers)])
        self.x = nn.Linear(config.more["dim"], 2) if config.args.KIND == "x" else self.emb
        self.head = nn.Linear(config.dim, config.vocab_size, bias=False)
        self.post_init()


@dataclass(frozen=True, eq=False)
class Frozen:
    a: int = 1
    b: "int" = 2


@dataclass(order=True, slots=True)
class Slots(object):
    a: int = 3

    def total(self):
        return self.a + 1


Made = make_dataclass("Made", [("x", int, 5)])


class FrozenAndSlots(B):
    skipped = False
    config_class = C

    def __init__(self, config, args: Frozen = Frozen()):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.args = args
        try:
            args.a = 5
            self.bad = self.emb
        except dataclasses.FrozenInstanceError:
            self.good = nn.Linear(2, 2)
        self.l = nn.ModuleList([nn.Linear(Slots().total(), 2)] * args.b)
        self.m = nn.Linear(Made().x, 2)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


@dataclass
class Base0:
    vocab_size: int = 40


@dataclass
class Derived0(Base0):
    hidden_size: int = 16
    vocab_size: int = 44


class SeveralBasesConfig(Derived0, PretrainedConfig):
    model_type = "d8"

    def __init__(self, **kw):
        Derived0.__init__(self)
        PretrainedConfig.__init__(self, **kw)


class SeveralBases(WithoutBaseInit):
    skipped = False
    config_class = SeveralBasesConfig


@dataclass
class Parts:
    emb: nn.Module
    head: nn.Module


class PartsInADataclass(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        parts = Parts(
            nn.Embedding(config.vocab_size, config.hidden_size),
            head=nn.Linear(config.hidden_size, config.vocab_size, bias=False),
        )
        self.emb = parts.emb
        self.head = parts.head
        self.parts = parts
        self.post_init()


@dataclass
class NnPart(nn.Module):
    size: int = 4

    def __post_init__(self):
        super().__init__()
        self.lin = nn.Linear(self.size, self.size)


@dataclass(eq=False)
class NnPart2(nn.Module):
    size: int = 4

    def __post_init__(self):
        super().__init__()
        self.lin = nn.Linear(self.size, self.size)


class ModuleAsDataclass(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.p2 = NnPart2(3)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
