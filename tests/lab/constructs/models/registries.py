"""Registries, and classes that are found by their name."""

from torch import nn
import importlib, sys
from common import Base as _Base, Config as C


class B(_Base):
    skipped = True


REG = {}


def register(name):
    def deco(cls):
        REG[name] = cls
        return cls

    return deco


@register("mlp")
class Mlp(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.a = nn.Linear(n, n)


@register("conv")
class Conv(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.a = nn.Conv1d(n, n, 1)


class Registry:
    def __init__(self, name):
        self.name, self._items = name, {}

    def register(self, name=None):
        def deco(cls):
            key = name or cls.__name__
            if key in self._items:
                raise KeyError(key)
            self._items[key] = cls
            return cls

        return deco

    def get(self, name):
        return self._items[name]

    def build(self, cfg, *a):
        cfg = dict(cfg)
        return self._items[cfg.pop("type")](*a, **cfg)

    def __getitem__(self, k):
        return self._items[k]

    def __contains__(self, k):
        return k in self._items

    def keys(self):
        return self._items.keys()


HEADS = Registry("heads")


@HEADS.register()
class LinearHead(nn.Linear):
    pass


@HEADS.register("shared")
class SharedHead(nn.Module):
    def __init__(self, emb):
        super().__init__()
        self.emb = emb


HEADS.register("late")(nn.Linear)


class AutoReg:
    _r = {}

    def __init_subclass__(cls, name=None, **kw):
        super().__init_subclass__(**kw)
        AutoReg._r[name or cls.__name__] = cls


class One(AutoReg, nn.Module, name="one"):
    def __init__(self):
        nn.Module.__init__(self)
        self.l = nn.Linear(1, 1)


class Two(AutoReg, nn.Module):
    def __init__(self):
        nn.Module.__init__(self)
        self.l = nn.Linear(2, 2)


class Cls:
    table = {}

    @classmethod
    def add(cls, name):
        def deco(c):
            cls.table[name] = c
            return c

        return deco


@Cls.add("x")
class X(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Linear(2, 3)


class ByADecorator(B):
    skipped = False

    def __init__(self, config, kind="mlp"):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.a = REG[kind](3)
        self.b = REG.get("conv")(3)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class ByAnObject(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = HEADS.get("LinearHead")(config.hidden_size, config.vocab_size, bias=False)
        self.s = HEADS["shared"](self.emb)
        self.t = HEADS.build({"type": "late", "bias": False}, 2, 2)
        if "nope" in HEADS:
            self.u = self.emb
        self.n = nn.Linear(len(HEADS.keys()), 1)
        self.post_init()


class ByTheClass(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.a = AutoReg._r["one"]()
        self.b = AutoReg._r["Two"]()
        self.c = Cls.table["x"]()
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class ByName(B):
    """Globals(), module getattr, importlib, by name."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.a = globals()["Mlp"](2)
        self.b = getattr(sys.modules[__name__], "Conv")(2)
        self.c = getattr(nn, "Linear")(2, 2)
        self.d = importlib.import_module("torch.nn").Linear(2, 2)
        self.e = eval("Mlp")(2)
        self.f = __import__("torch").nn.Linear(2, 2)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class ByAnUnknownKey(B):
    """Unknown key of registry."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        import os

        kind = sorted(os.listdir("/"))[0]
        self.a = REG[kind if kind in REG else "mlp"](3)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


FILLED_BY_CALLS = {}


def put(name, cls):
    FILLED_BY_CALLS[name] = cls


put("lin", nn.Linear)
put("mlp", Mlp)
for _n, _c in (("a", nn.Linear), ("b", Conv)):
    FILLED_BY_CALLS[_n] = _c


@register("make")
def make_it(n):
    return nn.Linear(n, n)


class ByCalls(B):
    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.a = FILLED_BY_CALLS["mlp"](3)
        self.b = REG["make"](3)
        self.head = FILLED_BY_CALLS["lin"](config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


import registries_lib
from registries_lib import build, ZOO
import registries_more


class ByOtherModules(B):
    """Filled elsewhere."""

    skipped = False

    def __init__(self, config):
        super().__init__(config)
        self.emb = nn.Embedding(config.vocab_size, config.hidden_size)
        self.a = build("more")
        self.b = ZOO["plain"]()
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
