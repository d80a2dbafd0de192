"""Layers that get one module, or parameter, from somewhere are built in their place. All run in 4.51.3 and
5.23.0: two layers have one parameter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Write
from tests.tiny_models import mapped

PARTS = """import functools
import operator
import weakref
from torch import nn
import torch

def made():
    return nn.Linear(8, 8, bias=False)

CACHE = {}
ITEMS = []
NESTED = {"a": {}}
SHARED = None
GLOBAL = made()
PARAM = nn.Parameter(torch.zeros(8, 8))
TENSOR = torch.zeros(8, 8)
PARTIAL = functools.partial(lambda m: m, made())

def take():
    return GLOBAL

def lookup(name):
    return globals()[name]

@functools.lru_cache(maxsize=None)
def cached():
    return made()

@functools.cache
def remembered(name):
    return made()

def by_default(m=made()):
    return m

def by_attribute():
    if not hasattr(by_attribute, "m"):
        by_attribute.m = made()
    return by_attribute.m

def put(cache):
    if "m" not in cache:
        cache["m"] = made()
    return cache

def methodcaller(this):
    return this.shared_dict.setdefault("m", made())

class Store:
    def __init__(self):
        self.m = None
    def get(self):
        self.m = self.m or made()
        return self.m
    def __getitem__(self, key):
        return self.get()
    def __call__(self):
        return self.get()

STORE = Store()

class Single:
    _one = None
    def __new__(cls):
        if cls._one is None:
            cls._one = super().__new__(cls)
            cls._one.module = made()
        return cls._one
    @classmethod
    def instance(cls):
        return cls()

class Holder:
    m = None

HOLDER = Holder()

def endless(m=made()):
    while True:
        yield m

ENDLESS = endless()
WEAK = {}
KEEP = made()

class Meta:
    all = {}
    @classmethod
    def make(cls):
        cls.all["m"] = made()
        return cls.all["m"]

class Descr:
    m = made()
"""
MODEL = """
import functools
import operator
import parts
from parts import *

class Layer(nn.Module):
    shared = None
    shared_list = []
    shared_dict = {{}}
    _lazy = None

    @classmethod
    def once(cls):
        if cls.shared is None:
            cls.shared = made()
        return cls.shared

    @property
    def prop(self):
        return take()

    @functools.cached_property
    def lazy(self):
        return self.once()

    def __init__(self, config):
        super().__init__()
        {body}

class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.layers = nn.ModuleList([Layer(config), Layer(config)])
        self.post_init()
"""
SHARED = """
self.shared_dict.setdefault("m", made()); self.p = self.shared_dict["m"]
Layer.shared = Layer.shared or made(); self.p = Layer.shared
type(self).shared = type(self).shared or made(); self.p = type(self).shared
self.__class__.shared = self.__class__.shared or made(); self.p = self.shared
setattr(Layer, "shared", Layer.shared or made()); self.p = self.shared
setattr(type(self), "shared", Layer.shared or made()); self.p = self.shared
self.p = self.once()
self.p = Layer.once()
CACHE.setdefault("m", made()); self.p = CACHE["m"]
self.p = CACHE.setdefault("m", made())
self.p = parts.CACHE.setdefault("m", made())
CACHE["m"] = CACHE.get("m") or made(); self.p = CACHE["m"]
ITEMS.append(made()); self.p = ITEMS[0]
ITEMS.extend([made()]); self.p = ITEMS[0]
self.p = cached()
self.p = parts.cached()
self.p = remembered("x")
self.p = by_default()
self.p = STORE.get()
self.p = STORE["x"]
self.p = STORE()
parts.SHARED = parts.SHARED or made(); self.p = parts.SHARED
config.shared = getattr(config, "shared", None) or made(); self.p = config.shared
config.shared = config.shared if hasattr(config, "shared") else made(); self.p = config.shared
setattr(config, "shared", getattr(config, "shared", None) or made()); self.p = config.shared
config.__dict__.setdefault("shared", made()); self.p = config.shared
self.p = GLOBAL
self.p = take()
self.p = next(ENDLESS)
HOLDER.m = HOLDER.m or made(); self.p = HOLDER.m
self.p = WEAK.setdefault("m", KEEP)
self.p = lookup("GLOBAL")
self.p = [*Meta.all.values()][0] if Meta.all else Meta.make()
self.p = Descr().m
self.p = self.prop
self.p = self.lazy
self.shared_list.append(made()); self.p = self.shared_list[0]
self.shared_dict["m"] = self.shared_dict.get("m") or made(); self.p = self.shared_dict["m"]
self.shared_list += [made()]; self.p = self.shared_list[0]
a = self.shared_list; a.append(made()); self.p = a[0]
a = CACHE; a["m"] = a.get("m") or made(); self.p = a["m"]
(lambda c: c.setdefault("m", made()))(CACHE); self.p = CACHE["m"]
put(CACHE); self.p = CACHE["m"]
put(self.shared_dict); self.p = self.shared_dict["m"]
self.p = (CACHE or put(CACHE))["m"]
for c in [CACHE]: c.setdefault("m", made()); self.p = CACHE["m"]
CACHE.__setitem__("m", CACHE.get("m") or made()); self.p = CACHE["m"]
CACHE.update(CACHE or {"m": made()}); self.p = CACHE["m"]
self.p = methodcaller(self)
self.p = NESTED["a"].setdefault("m", made())
self.p = made(); self.p.weight = PARAM
self.w = PARAM  # w
self.register_parameter("w", PARAM)  # w
self.p = made(); del self.p.weight; self.p.weight = PARAM
self.p = made(); self.p._parameters["weight"] = PARAM
self.p = PARTIAL()
ITEMS[:] = ITEMS or [made()]; self.p = ITEMS[0]
"""
UNKNOWN = """
self.p = by_attribute()
self.p = Single().module
self.p = Single.instance().module
operator.setitem(CACHE, "m", CACHE.get("m") or made()); self.p = CACHE["m"]
dict.setdefault(CACHE, "m", made()); self.p = CACHE["m"]
"""
"""What is one parameter, too, and cannot be followed."""
APART = """
self.p = HOLDER.m
self.p = made(); self.p.weight = nn.Parameter(PARAM)
self.w = nn.Parameter(TENSOR)
"""


def ties(tmp_path: Path, body: str) -> list[list[str]] | None:
    text = MODEL.format(body=body.replace("; ", "\n        "))
    return mapped(text, "Model", path=tmp_path / "modeling_tiny.py").ties


@pytest.mark.parametrize("line", SHARED.strip().split("\n"))
def test_what_two_layers_share(write: Write, tmp_path: Path, line: str) -> None:
    write("parts.py", PARTS)
    body, _, name = line.partition("  # ")
    assert ties(tmp_path, body) == [[f"layers.{layer}.{name or 'p.weight'}" for layer in (0, 1)]]


@pytest.mark.parametrize("body", UNKNOWN.strip().split("\n"))
def test_what_two_layers_may_share(write: Write, tmp_path: Path, body: str) -> None:
    write("parts.py", PARTS)
    assert ties(tmp_path, body) is None


@pytest.mark.parametrize("body", APART.strip().split("\n"))
def test_what_each_layer_has_for_itself(write: Write, tmp_path: Path, body: str) -> None:
    write("parts.py", PARTS)
    assert ties(tmp_path, body) == []
