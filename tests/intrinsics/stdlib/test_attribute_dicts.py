"""Configs that are dicts with their items as attributes."""

from __future__ import annotations

import pytest

from tests.tiny_models import ties, weights

LINEAR = "nn.Linear(8, 8, bias=False)"
BEFORE = """
from chanfig import FlatDict
from easydict import EasyDict

class Part(BASE):
    shared: bool = False
    count: int = 2

    def doubled(self):
        return self.count * 2

class Made(Part):
    def __init__(self, shared):
        super().__init__(shared=shared)
"""
TIED = {
    "a keyword": "Part(shared=True).shared",
    "a mapping": "Part({'shared': True}).shared",
    "another of its kind": "Part(Part(shared=True)).shared",
    "an item": "Part(shared=True)['shared']",
    "a default as an item": "Part()['count'] == 2",
    "a default as an attribute": "Part().count == 2",
    "a method": "Part(count=3).doubled() == 6",
    "an init of its own": "Made(True).shared",
    "a copy": "copy.deepcopy(Part(shared=True))['shared']",
    "what is set later": "changed(Part())['shared']",
    "a key": "'shared' in Part()",
}
CHANGED = """
def changed(part):
    part.shared = True
    return part
"""


@pytest.mark.parametrize("base", ["FlatDict", "EasyDict"])
@pytest.mark.parametrize("told", TIED.values(), ids=TIED)
def test_items_are_attributes(base: str, told: str) -> None:
    init = f"self.a = {LINEAR}\nself.b = self.a if {told} else {LINEAR}"
    assert ties(init, before=BEFORE.replace("BASE", base) + CHANGED) == weights("a", "b")


@pytest.mark.parametrize(
    "told", ["Part(shared={'a': 1}).shared", "Part(**acme.read()).shared", "Part(acme.read()).shared"]
)
def test_what_it_is_made_of_may_be_unknown(told: str) -> None:
    init = f"import acme\nself.a = {LINEAR}\nself.b = self.a if {told} else {LINEAR}"
    assert ties(init, before=BEFORE.replace("BASE", "EasyDict")) is None
