"""A layer is built only when its text says that it may matter, and then nothing is missed."""

from __future__ import annotations

import pytest

from tests.model.building import built, ties

LAYERS = {
    "shares inside": (
        "self.p = nn.Linear(8, 8, bias=False)\n        self.q = self.p",
        [["layer.p.weight", "layer.q.weight"]],
    ),
    "shares in a helper method": (
        "self.fill()\n    def fill(self):\n"
        "        self.p = nn.Linear(8, 8, bias=False)\n        self.q = self.p",
        [["layer.p.weight", "layer.q.weight"]],
    ),
    "shares in a function": ("tie(self)", [["layer.p.weight", "layer.q.weight"]]),
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
    "a local in a loop": (
        "p = nn.Linear(8, 8, bias=False)\n        self.x = nn.ModuleList()\n"
        "        for _ in range(2):\n            self.x.append(p)",
        [["layer.x.0.weight", "layer.x.1.weight"]],
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

class Layer(nn.Module):
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
