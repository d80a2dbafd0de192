"""Modules that are shared, or not, by what nobody knows: neither is said.

Each was run in 5.23.0 with several values of ``unread``: what is shared hangs on which it is.
"""

from __future__ import annotations

import pytest

from tests.tiny_models import ERAS, mapped

MODEL = """
import functools

from elsewhere import unread


class Block(nn.Module):
    def __init__(self, linear=None):
        super().__init__()
        self.linear = linear if linear is not None else nn.Linear(4, 4)

    def share(self, other):
        self.linear = other.linear


class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.e = nn.Embedding(10, 4)
        self.a, self.b, self.c = Block(), Block(), nn.Linear(4, 4)
        BODY
        self.post_init()

    def get_input_embeddings(self):
        return self.e

    def share(self):
        self.b.linear = self.a.linear
"""
PERHAPS = [
    "self.d = Block(self.c if unread() else None)",
    "self.d = Block(*([self.c] if unread() else []))",
    "self.d = Block(**({'linear': self.c} if unread() else {}))",
    "given = {}\nif unread():\n    given['linear'] = self.c\nself.d = Block(**given)",
    "given = [self.c]\nother = given if unread() else [1]\nother.clear()\nself.d = Block(*given)",
    "given = []\nunread() and given.append(self.c)\nself.d = Block(*given)",
    "self.l = nn.ModuleList()\nunread() and self.l.append(self.a)",
    "self.l = nn.ModuleList([Block(), Block()])\nself.l[unread()] = self.a",
    "self.l = nn.ModuleList([Block(), Block()])\nself.l[unread()].linear = self.c",
    "self.l = nn.ModuleDict({'x': Block()})\nself.l['x' if unread() else 'y'] = self.a",
    "setattr(self, 'x' if unread() else 'b', self.a)",
    "self.add_module('b' if unread() else 'x', self.a)",
    "self.apply(lambda m: setattr(m, 'linear', self.c) if isinstance(m, Block) and unread() else None)",
    "m = self.a if unread() else self.b\nm.linear = self.c",
    "m = [self.a, self.b][unread()]\nm.share(self.b)",
    "for m in [self.a, self.b][: unread()]:\n    m.linear = self.c",
    "f = self.share if unread() else (lambda: 0)\nf()",
    "f = functools.partial(self.a.share, self.b) if unread() else (lambda: 0)\nf()",
    "[self.a.share(self.b) for item in unread()]",
    "list(map(self.a.share, [self.b][: unread()]))",
    "self.d = unread() and self.a or Block()",
    "self.d = self.a\nsetattr(self, 'd' if unread() else 'x', nn.Linear(4, 4))",
    "self.c.weight = self.a.linear.weight\nsetattr(self.c, unread(), nn.Parameter(torch.ones(4, 4)))",
    "self.l = nn.ModuleList([self.a, Block()])\nself.l.insert(unread(), self.a)",
    "self.l = nn.ModuleList([self.a, Block()])\ndel self.l[unread()]",
    "self.l = nn.ModuleDict({'x': self.a})\nself.l.update({'x' if unread() else 'y': Block()})",
    "self.l = nn.ModuleDict({'x': Block()})\nself.l['x'] = Block() if unread() in self.l else self.a",
    "stack = [Block(), self.a]\nif unread():\n    stack.pop()\nself.d = stack.pop()",
]


@pytest.mark.parametrize("release", ERAS[::2])
@pytest.mark.parametrize("body", PERHAPS)
def test_what_may_be_shared_is_unknown(body: str, release: str) -> None:
    text = MODEL.replace("BODY", body.replace("\n", "\n        "))
    assert mapped(text, "Model", release).ties is None


def test_a_class_whose_base_is_unknown_may_be_a_module() -> None:
    body = "class Own(Block if unread() else nn.Module):\n    pass\nself.d = Own()\nself.d.linear = self.c"
    text = MODEL.replace("BODY", body.replace("\n", "\n        "))
    assert mapped(text, "Model", ERAS[-1]).ties is None


@pytest.mark.parametrize(
    ("body", "tied"),
    [
        ("self.l = nn.ModuleList([Block(), self.a, self.a])\ndel self.l[1:]", []),
        ("self.l = nn.ModuleDict({'x': self.a})\ndel self.l['x']", []),
        (
            "self.d = self.a\nsetattr(self, f'x{unread()}', nn.Linear(4, 4))",
            ["a.linear.weight", "d.linear.weight"],
        ),
    ],
)
def test_what_cannot_be_replaced_is_known(body: str, tied: list[str]) -> None:
    found = mapped(MODEL.replace("BODY", body.replace("\n", "\n        ")), "Model", ERAS[-1]).ties
    assert found is not None
    assert [group for group in found if group[0].endswith("weight")] == ([tied] if tied else [])


def test_a_subscripted_base_of_python_is_known() -> None:
    body = "class Own(dict, MutableMapping[str, torch.Tensor]):\n    pass\nself.d = Own()"
    text = MODEL.replace("BODY", body.replace("\n", "\n        "))
    text = text.replace("import functools", "from collections.abc import MutableMapping")
    assert mapped(text, "Model", ERAS[-1]).ties == []
