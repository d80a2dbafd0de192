"""A layer that gets at a class that ties is built, in whatever way it does so. Run in 4.51.3 and 5.23.0:
``p`` and ``q`` of what it holds are one parameter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Write
from tests.tiny_models import mapped

PARTS = """
import functools
from torch import nn

class Sharing(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.Linear(8, 8, bias=False)
        self.q = self.p

class Factory:
    kind = Sharing
    table = {"x": Sharing}
    @staticmethod
    def make():
        return Sharing()
    @classmethod
    def make_of_kind(cls):
        return cls.kind()
    def build(self):
        return Sharing()

class Lazy:
    @property
    def made(self):
        return Sharing()
    def __call__(self):
        return Sharing()
    def __getitem__(self, key):
        return Sharing()

class Outer:
    inner = Factory

class Registry:
    def __init__(self):
        self.classes = {}
    def register(self, cls):
        self.classes[cls.__name__] = cls
        return cls
    def build(self, name):
        return self.classes[name]()

TABLE = {"x": Sharing}
NESTED = {"x": {"y": Sharing}}
CLASSES = [Sharing]
PAIRS = {"x": (Sharing, 1)}
LATER = {}
LATER["x"] = Sharing
part = functools.partial(Sharing)
made_by = lambda: Sharing()
factory, lazy, registry = Factory(), Lazy(), Registry()
registry.register(Sharing)

def get(name):
    return {"sharing": Sharing}[name]

def make_default(kind=Sharing):
    return kind()

def get_by_globals(name):
    return globals()[name]

def wrapped(function):
    @functools.wraps(function)
    def inner(*args):
        return function(*args)
    return inner

@wrapped
def make():
    return Sharing()

class Base(nn.Module):
    def build(self):
        return Factory.make()
    @property
    def made(self):
        return Factory.make()
"""
MADE = """
Factory.make()
Factory.make_of_kind()
Factory.kind()
Factory.table["x"]()
Factory().build()
factory.build()
TABLE["x"]()
NESTED["x"]["y"]()
CLASSES[0]()
PAIRS["x"][0]()
LATER["x"]()
part()
made_by()
get("sharing")()
get_by_globals("Sharing")()
make_default()
lazy.made
lazy()
lazy["x"]
Outer.inner.make()
registry.build("Sharing")
make()
parts.Sharing()
parts.Factory.make()
getattr(parts, "Sharing")()
functools.partial(Factory.make)()
eval("Sharing")()
config.layer_class()
config.layer_classes["x"]()
self.config_of(config).layer_class()
self.made
super().build()
kind()
kinds["x"]()
maker.build()
default()
"""
MODEL = """
import functools
import parts
from parts import *

class LayerConfig(TinyConfig):
    layer_class = Sharing
    layer_classes = {{"x": Sharing}}

class Layer(Base):
    def config_of(self, config):
        self.config = config
        return self.config

    def __init__(self, config, kind, kinds, maker, default=Factory.make):
        super().__init__()
        {body}

class Model(TinyPreTrainedModel):
    config_class = LayerConfig

    def __init__(self, config):
        super().__init__(config)
        self.layer = Layer(config, Sharing, {{"x": Sharing}}, Factory())
        self.post_init()
"""
BODIES = {
    "late import": "from parts import Sharing as Late\n        self.inner = Late()",
    "late import of a module": "import parts as late\n        self.inner = late.Factory.make()",
    "local": "make_it = Factory.make\n        self.inner = make_it()",
    "local of the config": "made = config.layer_class\n        self.inner = made()",
    "function inside": "def inside():\n            return Factory.make()\n        self.inner = inside()",
    "by name": "setattr(self, 'inner', Factory.make())",
}


@pytest.mark.parametrize(
    "body", [*(f"self.inner = {made}" for made in MADE.split("\n") if made), *BODIES.values()]
)
def test_a_layer_that_gets_at_what_ties_is_built(write: Write, tmp_path: Path, body: str) -> None:
    write("parts.py", PARTS)
    found = mapped(MODEL.format(body=body), "Model", path=tmp_path / "modeling_tiny.py")
    assert found.ties == [["layer.inner.p.weight", "layer.inner.q.weight"]]
