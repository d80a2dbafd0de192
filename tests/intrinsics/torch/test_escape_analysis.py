"""A layer is built only when its text says that it may matter, and then nothing is missed."""

from __future__ import annotations

import pytest

from tests.conftest import Write
from tests.tiny_models import CLASSIC, MAPPING, built, mapped, ties

LAYERS = {
    "shares inside": (
        "self.p = nn.Linear(8, 8, bias=False)\n        self.q = self.p",
        [["layer.p.weight", "layer.q.weight"]],
    ),
    "shares one of two that are assigned together": (
        "self.p, self.r = nn.Linear(8, 8, bias=False), nn.Linear(8, 8)\n        self.q = self.p",
        [["layer.p.weight", "layer.q.weight"]],
    ),
    "shares one of two locals that are assigned together": (
        "p, r = nn.Linear(8, 8, bias=False), nn.Linear(8, 8)\n        self.p, self.q = p, p",
        [["layer.p.weight", "layer.q.weight"]],
    ),
    "shares in a helper method": (
        "self.fill()\n    def fill(self):\n"
        "        self.p = nn.Linear(8, 8, bias=False)\n        self.q = self.p",
        [["layer.p.weight", "layer.q.weight"]],
    ),
    "shares in a function": ("tie(self)", [["layer.p.weight", "layer.q.weight"]]),
    "shares what it also puts together": (
        "p = nn.Parameter(torch.zeros(8))\n        self.n = nn.Buffer(torch.cat((p, p)))\n"
        "        self.q = p\n        self.r = p",
        [["layer.q", "layer.r"]],
    ),
    "shares a local that it moved": (
        "p = nn.Linear(8, 8, bias=False)\n        p = p.to('cpu')\n        self.q = p\n        self.r = p",
        [["layer.q.weight", "layer.r.weight"]],
    ),
    "shares what a function makes": (
        "self.p, self.q = pair()",
        [["layer.p.weight", "layer.q.weight"]],
    ),
    "builds one that shares": ("self.inner = Sharing()", [["layer.inner.p.weight", "layer.inner.q.weight"]]),
    "builds one that shares, by a class attribute": (
        "self.inner = self.kind()",
        [["layer.inner.p.weight", "layer.inner.q.weight"]],
    ),
    "builds one that shares, by a table": (
        "self.inner = TABLE['x']()",
        [["layer.inner.p.weight", "layer.inner.q.weight"]],
    ),
    "a method hands out what it holds": (
        "self.q = self.make()\n    def make(self):\n"
        "        self.p = nn.Linear(8, 8, bias=False)\n        return self.p",
        [["layer.p.weight", "layer.q.weight"]],
    ),
    "a method of the base hands out what it holds": (
        "self.fill()\n    def fill(self):\n        self.q = super().fill()",
        [["layer.p.weight", "layer.q.weight"]],
    ),
    "a method's result is dropped": (
        "self.make()\n    def make(self):\n"
        "        self.p = nn.Linear(8, 8, bias=False)\n        return self.p",
        [],
    ),
    "a local in a loop": (
        "p = nn.Linear(8, 8, bias=False)\n        self.x = nn.ModuleList()\n"
        "        for _ in range(2):\n            self.x.append(p)",
        [["layer.x.0.weight", "layer.x.1.weight"]],
    ),
    "adds what it holds to what it holds": (
        "self.p = nn.ModuleList([nn.Linear(8, 8, bias=False)])\n"
        "        self.q = nn.ModuleList()\n        self.q += self.p",
        [["layer.p.0.weight", "layer.q.0.weight"]],
    ),
    "shares nothing": ("self.p = nn.Linear(8, 8)\n        self.q = nn.Linear(8, 8)", []),
}
BEFORE = """
def tie(module):
    module.p = nn.Linear(8, 8, bias=False)
    module.q = module.p

def pair():
    p = nn.Linear(8, 8, bias=False)
    return p, p

class Sharing(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.Linear(8, 8, bias=False)
        self.q = self.p

TABLE = {{"x": Sharing}}

class Holder(nn.Module):
    def fill(self):
        self.p = nn.Linear(8, 8, bias=False)
        return self.p

class Layer(Holder):
    kind = Sharing

    def __init__(self):
        super().__init__()
        {init}
"""


@pytest.mark.parametrize(("init", "groups"), LAYERS.values(), ids=LAYERS)
def test_what_a_layer_shares_inside(init: str, groups: list[list[str]]) -> None:
    assert ties("self.layer = Layer()", before=BEFORE.format(init=init)) == groups


def test_a_layer_with_two_names_is_shared_though_nobody_looked_into_it() -> None:
    before = BEFORE.format(init="self.p = nn.Linear(8, 8)")
    assert ties("self.a = Layer()\nself.b = self.a", before=before) == [
        ["a.p.bias", "b.p.bias"],
        ["a.p.weight", "b.p.weight"],
    ]


def test_a_layer_that_cannot_matter_is_not_built() -> None:
    before = BEFORE.format(init="self.p = nn.Linear(8, 8)")
    model = built("self.layer = Layer()", before=before).construction.model
    assert model is not None
    assert model.attrs["layer"].build is not None


HARMLESS = {
    "what a config's table says": (
        "self.kind = config.rope.get('type')\n        self.fn = str(self.kind)",
        CLASSIC,
    ),
    "numbers that are put into a parameter": (
        "self.p = nn.Linear(8, 8)\n        self.p.weight.data.normal_(0.0, config.std)",
        CLASSIC,
    ),
    "a tensor and its copy": (
        "a, self.n = torch.rand(8), config.n\n        self.register_buffer('a', a)\n"
        "        self.register_buffer('b', a.clone())",
        CLASSIC,
    ),
    "a buffer that is changed in place": (
        "self.n = nn.Buffer(torch.zeros(1))\n        self.n -= 1e-5",
        MAPPING,
    ),
    "a buffer like a parameter": (
        "self.p = nn.Parameter(torch.zeros(3))\n        self.n = nn.Buffer(torch.zeros_like(self.p))",
        MAPPING,
    ),
    "rates of layers": (
        "rates = [x.item() for x in torch.linspace(0, config.rate, 4)]\n"
        "        self.a, self.b = rates[0], rates[1]",
        MAPPING,
    ),
    "a method's result that is dropped": (
        "self.make()\n    def make(self):\n        self.p = nn.Linear(8, 8)\n        return self.p",
        CLASSIC,
    ),
    "files": (
        "here = pathlib.Path(__file__).parent\n"
        "        self.kernels = all((here / name).is_file() for name in ('a', 'b'))",
        CLASSIC,
    ),
    "a warning that is logged": (
        "if config.n is None:\n            logger.warning('none given')\n        self.p = nn.Linear(8, 8)",
        CLASSIC,
    ),
    "the names of a config's table": (
        "self.kinds = [key for key, value in config.rope.items() if isinstance(value, dict)]\n"
        "        for kind in self.kinds:\n            self.fn = str(kind)",
        CLASSIC,
    ),
    "parameters that a tensor is put together of": (
        "self.p = nn.Linear(8, 8)\n        q = nn.Parameter(torch.zeros(8))\n"
        "        v = nn.Parameter(torch.zeros(8))\n"
        "        if q is not None:\n"
        "            self.p.bias = nn.Parameter(torch.cat((q, torch.zeros_like(v), v)))",
        CLASSIC,
    ),
    "a tensor that is moved": (
        "rows = self.make(config)\n        if hasattr(self, 'rows'):\n            rows = rows.to(self.rows)\n"
        "        self.register_buffer('rows', rows)\n"
        "    @staticmethod\n    def make(config):\n        return torch.zeros(config.n)",
        CLASSIC,
    ),
    "the version of torch": ("self.new = get_torch_version() > '2.2'", MAPPING),
}


@pytest.mark.parametrize(("init", "release"), HARMLESS.values(), ids=HARMLESS)
def test_a_layer_that_only_asks_is_not_built(init: str, release: str) -> None:
    before = f"""
import logging
import pathlib

from transformers.utils import get_torch_version

logger = logging.getLogger(__name__)

class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        {init}
"""
    model = built("self.layer = Layer(config)", before=before, release=release).construction.model
    assert model is not None
    assert model.attrs["layer"].build is not None


def test_a_layer_that_puts_the_storage_of_another_tensor_into_a_parameter_is_built() -> None:
    before = BEFORE.format(
        init="self.p = nn.Linear(8, 8)\n        self.q = nn.Linear(8, 8)\n"
        "        self.p.weight.data.set_(self.q.weight.data)"
    )
    model = built("self.layer = Layer()", before=before).construction.model
    assert model is not None
    assert model.attrs["layer"].build is None


def test_layers_that_build_each_other() -> None:
    before = """
class One(nn.Module):
    def __init__(self, n=2):
        super().__init__()
        if n:
            self.two = Two(n)
class Two(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.one = One(n - 1)
        self.p = nn.Linear(8, 8, bias=False)
        self.q = self.p
"""
    assert ties("self.a = One()", before=before) == [
        ["a.two.one.two.p.weight", "a.two.one.two.q.weight"],
        ["a.two.p.weight", "a.two.q.weight"],
    ]


LINEAR = "nn.Linear(8, 8, bias=False)"

BEYOND_ITSELF = {
    "a list that it is handed": ("parts", "parts.append(self.x)", "parts = []", "parts", "parts[0]"),
    "an object that it is handed": ("c", "c.x = self.x", "c = Context()", "c", "c.x"),
    "the config": ("config", "config.kept = self.x", "", "config", "config.kept"),
    "a list of the module": ("", "KEPT.append(self.x)", "", "", "KEPT[0]"),
    "an attribute of its class": ("", "Layer.kept = self.x", "", "", "Layer.kept"),
    "a list of its class": ("", "self.all.append(self.x)", "", "", "Layer.all[0]"),
    "a class attribute by its type": ("", "type(self).kept = self.x", "", "", "Layer.kept"),
}


@pytest.mark.parametrize(
    ("parameter", "effect", "first", "argument", "read"), BEYOND_ITSELF.values(), ids=BEYOND_ITSELF
)
def test_a_layer_that_acts_beyond_itself_is_built_in_its_place(
    parameter: str, effect: str, first: str, argument: str, read: str
) -> None:
    before = f"""
KEPT = []
class Context:
    pass
class Layer(nn.Module):
    all = []
    kept = None
    def __init__(self, {parameter}):
        super().__init__()
        self.x = {LINEAR}
        {effect}
"""
    init = f"{first}\nself.layer = Layer({argument})\nself.b = {read}"
    assert ties(init, before=before) == [["b.weight", "layer.x.weight"]]


def test_one_layer_for_all_by_a_class_attribute() -> None:
    before = f"""
class Layer(nn.Module):
    made = None
    def __init__(self):
        super().__init__()
        if Layer.made is None:
            Layer.made = {LINEAR}
        self.x = Layer.made
"""
    assert ties("self.a = Layer()\nself.b = Layer()", before=before) == [["a.x.weight", "b.x.weight"]]


HOLDERS = {
    "an object": ("c = Context()\nc.x = self.a", "c", "c.x"),
    "the config": ("config.x = self.a", "config", "c.x"),
    "a namespace": ("c = types.SimpleNamespace(x=self.a)", "c", "c.x"),
    "a function that makes it": ("c = functools.partial(Inner, self.a)", "c", "c().x"),
    "an iterator": ("c = iter([self.a])", "c", "next(c)"),
}


@pytest.mark.parametrize(("holder", "argument", "read"), HOLDERS.values(), ids=HOLDERS)
def test_a_module_that_is_handed_on_inside_something(holder: str, argument: str, read: str) -> None:
    before = f"""
import functools, types
class Context:
    pass
class Inner(nn.Module):
    def __init__(self, x):
        super().__init__()
        self.x = x
class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.x = {read}
"""
    assert ties(f"self.a = {LINEAR}\n{holder}\nself.b = Layer({argument})", before=before) == [
        ["a.weight", "b.x.weight"]
    ]


def test_a_layer_that_changes_only_its_own_waits() -> None:
    init = (
        "parts, names = [], {}\n        parts.append(nn.Linear(8, 8))\n        names['a'] = 1\n"
        "        self.parts = nn.ModuleList(parts)\n        self.parts.append(nn.Linear(8, 8))\n"
        "        self.n = 3"
    )
    model = built("self.layer = Layer()", before=BEFORE.format(init=init)).construction.model
    assert model is not None
    assert model.attrs["layer"].build is not None


@pytest.mark.parametrize("made", ["parts.Sharing()", "parts.make()", "pack.deep.Sharing()"])
def test_what_is_read_of_a_module_is_looked_into(write: Write, made: str) -> None:
    sharing = """
from torch import nn
class Sharing(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.Linear(8, 8, bias=False)
        self.q = self.p
def make():
    return Sharing()
"""
    write("parts.py", sharing)
    write("pack/__init__.py", "from . import deep")
    write("pack/deep.py", sharing)
    text = f"""
import parts, pack
class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = {made}
class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.layer = Layer()
        self.post_init()
"""
    found = mapped(text, "Model", path=write("modeling_tiny.py", text))
    assert found.ties == [["layer.inner.p.weight", "layer.inner.q.weight"]]
