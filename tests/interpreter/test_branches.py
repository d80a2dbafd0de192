"""Conditions that cannot be decided: only what they could change becomes unknown."""

from __future__ import annotations

import pytest

from tests.tiny_models import ERAS, built, ties, weights

LINEAR = "nn.Linear(8, 8, bias=False)"
PLAIN = "config.some_setting"
"""What a config holds is no module, whatever it is."""
BEFORE = """
import somewhere
from dataclasses import dataclass
from transformers import BertConfig

WHO_KNOWS = somewhere.setting()

@dataclass
class Two:
    first: object = None
    second: object = None
"""

UNKNOWN = {
    "a tie": f"self.a = {LINEAR}\nself.b = {LINEAR}\nif WHO_KNOWS:\n    self.b.weight = self.a.weight",
    "a module": f"self.a = {LINEAR}\nif WHO_KNOWS:\n    self.b = self.a",
    "the other branch": f"self.a = {LINEAR}\nif WHO_KNOWS:\n    pass\nelse:\n    self.b = self.a",
    "a conditional expression": f"self.a = {LINEAR}\nself.b = self.a if WHO_KNOWS else {LINEAR}",
    "or": f"self.a = {LINEAR}\nself.b = WHO_KNOWS or self.a",
    "a method that ties": "if WHO_KNOWS:\n    self.share()",
    "a method that ties, for its value": "if WHO_KNOWS:\n    done = self.share()",
    "a local list": (
        f"x = {LINEAR}\nparts = [x]\nif WHO_KNOWS:\n    parts.append(x)\nself.a = nn.ModuleList(parts)"
    ),
    "a list of modules": (f"x = {LINEAR}\nself.a = nn.ModuleList([x])\nif WHO_KNOWS:\n    self.a.append(x)"),
    "an item": f"x = {LINEAR}\nself.a = nn.ModuleList([x, {LINEAR}])\nif WHO_KNOWS:\n    self.a[1] = x",
    "a deletion": f"self.a = {LINEAR}\nself.b = self.a\nif WHO_KNOWS:\n    del self.b",
    "an early return": f"self.a = {LINEAR}\nif WHO_KNOWS:\n    return\nself.b = self.a",
    "an early break": (
        f"self.a = {LINEAR}\nfor name in 'bc':\n    if WHO_KNOWS:\n        break\n"
        "    setattr(self, name, self.a)"
    ),
    "a loop over an unknown": f"self.a = {LINEAR}\nfor _ in WHO_KNOWS:\n    self.b = self.a",
    "an unknown while": f"self.a = {LINEAR}\nwhile WHO_KNOWS:\n    self.b = self.a",
    "a comprehension over an unknown": f"x = {LINEAR}\nself.a = nn.ModuleList([x for _ in WHO_KNOWS])",
    "an unknown star": "self.a = nn.Sequential(*WHO_KNOWS)",
    "unknown keyword arguments": (f"def make(x=None):\n    self.b = x\nself.a = {LINEAR}\nmake(**WHO_KNOWS)"),
    "unknown keyword arguments and a default": (
        f"def make(kind=nn.Identity):\n    return kind()\nself.a = make(**{PLAIN})\nself.b = self.a"
    ),
    "fields of a dataclass": f"self.a = {LINEAR}\nself.b = Two(self.a, **WHO_KNOWS).second or self.a",
    "a config": (f"self.a = {LINEAR}\nif BertConfig(**{PLAIN}).vocab_size != 30522:\n    self.b = self.a"),
    "a namespace of what is unknown": (
        "import types\nself.a = types.SimpleNamespace(**WHO_KNOWS).part\nself.b = self.a"
    ),
    "an unknown key": f"x = {LINEAR}\nd = {{'a': x}}\nd[WHO_KNOWS] = x\nself.a = nn.ModuleDict(d)",
    "an unknown class": "self.a = WHO_KNOWS(config)",
}
METHODS = f"""
def share(self):
    self.a = {LINEAR}
    self.b = self.a
"""


@pytest.mark.parametrize("release", ERAS)
@pytest.mark.parametrize("init", UNKNOWN.values(), ids=UNKNOWN)
def test_what_depends_on_an_unknown_condition(init: str, release: str) -> None:
    assert ties(init, before=BEFORE, methods=METHODS, release=release) is None


HARMLESS = {
    "a flag": "if WHO_KNOWS:\n    self.flag = 1",
    "a log line": "import logging\nif WHO_KNOWS:\n    logging.getLogger().info('x')",
    "an error": "if WHO_KNOWS:\n    raise ValueError",
    "a function of plain values": "kernel = load('x')",
    "a look at an unknown": "if WHO_KNOWS and hasattr(WHO_KNOWS, 'x'):\n    flag = len(WHO_KNOWS)",
    "a part of an unknown number": (
        "n = float(WHO_KNOWS)\nif WHO_KNOWS:\n    self.kind = n.part('x', n.part('y'))"
    ),
    "plain keyword arguments": f"def make(x=None, y=1):\n    self.p = x\n    self.q = y\nmake(**{PLAIN})",
    "a namespace of plain values": (
        f"import argparse\nself.scale = argparse.Namespace(**{PLAIN}).scale\nself.p = [self.scale]"
    ),
    "whether it is compiled": "if torch.jit.is_scripting() or torch.jit.is_tracing():\n    self.b = self.a",
    "freezing": "if WHO_KNOWS:\n    self.a.requires_grad_(False)",
    "freezing one by one": "for p in self.a.parameters():\n    p.requires_grad = False",
    "an initialisation": "if WHO_KNOWS:\n    nn.init.zeros_(self.a.weight)",
    "a choice between new layers": "self.c = nn.Dropout(0.1) if WHO_KNOWS else nn.Identity()",
}


LOADER = """
KERNELS = {}

def fetch(repository, revision=None):
    return somewhere.fetch(repository)

def load(name, kernels=KERNELS):
    if name in kernels and isinstance(kernels[name], somewhere.Kernel):
        return kernels[name]
    if callable(WHO_KNOWS):
        repository = WHO_KNOWS[name]
        kernels[name] = fetch(repository, revision=None)
        return kernels[name]
    return None
"""


@pytest.mark.parametrize("then", HARMLESS.values(), ids=HARMLESS)
def test_what_bears_on_no_tie_leaves_the_rest_known(then: str) -> None:
    init = f"self.a = {LINEAR}\nself.b = self.a\n{then}"
    assert ties(init, before=BEFORE + LOADER) == weights("a", "b")


def test_unknown_stays_local() -> None:
    init = "self.embed = nn.Embedding(4, 4)\nself.a = WHO_KNOWS(config)"
    found = built(init, before=BEFORE, methods="def get_input_embeddings(self):\n    return self.embed")
    assert (found.input_embeddings, found.base_model_prefix, found.ties) == ("embed", "model", None)
    assert any("a: " in cause.text for cause in found.reasons["ties"])
