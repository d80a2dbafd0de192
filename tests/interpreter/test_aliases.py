"""What is changed or called under the name of an unknown, which may be something that the run knows.

Run in Python and in 5.23.0 with several values of ``unread``, what comes of it hangs on which it is.
"""

from __future__ import annotations

import pytest

from tests.tiny_models import ERAS, mapped

LAYER = """
from elsewhere import unread


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.Linear(4, 4)
        self.q = self.p if self.work() == [1, 2, 0] else nn.Linear(4, 4)

    def work(self):
        b = [1, 2]
        BODY
        return b

class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.e = nn.Embedding(10, 4)
        self.layer = Layer()
        self.post_init()

    def get_input_embeddings(self):
        return self.e
"""
CHANGED = [
    "m = b if unread() else []\nm.append(0)",
    "m = b\nif unread():\n    m = []\nm.append(0)",
    "m = []\nfor item in unread():\n    m = b\nm.append(0)",
    "for item in unread():\n    m = b\n    m.append(0)",
    "for item in unread():\n    m = b\n    m += [0]",
    "m = []\nif unread():\n    m = b\nm += [0]",
    "m = []\nif unread():\n    m = b\nm[2:] = [0]",
    "m = unread() and b or []\nm.append(0)",
    "(b, [])[unread()].append(0)",
    "{'a': b, 'c': []}[unread()].append(0)",
    "{'a': b}.get(unread(), []).append(0)",
    "m = {}\nm[unread()] = b\nm.get('a', []).append(0)",
    "m = {}\nif unread():\n    m['a'] = b\nm.setdefault('a', []).append(0)",
    "m = {}\nif unread():\n    m['a'] = b\nfor item in m.values():\n    item.append(0)",
    "for m in [b, []][: unread()]:\n    m.append(0)",
    "for m in [item for item in [b] if unread()]:\n    m.append(0)",
    "for m in filter(lambda item: unread(), [b]):\n    m.append(0)",
    "for _, m in zip(unread(), [b]):\n    m.append(0)",
    "for m in [b] * unread():\n    m.append(0)",
    "m = unread() + [b]\nm[0].append(0)",
    "m = [*unread(), b]\nm[0].append(0)",
    "max([b, [0]], key=lambda item: unread()).append(0)",
    "next((item for item in [[7], b] if unread()), []).append(0)",
    "m, n = (b, []) if unread() else ([], b)\nm.append(0)",
    "class Box:\n    m = []\nbox = Box()\nif unread():\n    box.m = b\nbox.m.append(0)",
    "def g():\n    if unread():\n        yield b\nfor m in g():\n    m.append(0)",
    "def f():\n    b.append(0)\n(f if unread() else print)()",
    "try:\n    if unread():\n        raise KeyError\n    m = []\nexcept KeyError:\n    m = b\nm.append(0)",
    "match unread():\n    case 1:\n        m = b\n    case _:\n        m = []\nm.append(0)",
]


def layer(body: str) -> str:
    return LAYER.replace("BODY", body.replace("\n", "\n        "))


@pytest.mark.parametrize("body", CHANGED)
def test_what_an_unknown_may_be_is_unknown_once_that_is_changed(body: str) -> None:
    assert mapped(layer(body), "Model", ERAS[-1]).ties is None


@pytest.mark.parametrize(
    "body",
    [
        "m = b if unread() else []\nlen(m), m.count(0), m.copy()",
        "m = unread()\nm.append(0)\nm[0] = 1\nm += [0]\nm.flag = 1",
        "m = 1 if unread() else 2\nm += 1",
        "m = [] if unread() else [1]\nlen(m)",
        "f = nn.ReLU if unread() else nn.GELU\nf()",
        "for item in unread():\n    item.append(0)",
    ],
)
def test_what_is_only_read_or_made_elsewhere_changes_nothing(body: str) -> None:
    assert mapped(layer(body), "Model", ERAS[-1]).ties == []


MODEL = """
from elsewhere import unread


def give(model):
    model.layer = nn.Linear(4, 4)


class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.e = nn.Embedding(10, 4)
        BODY
        self.last = self.layer
        self.post_init()

    def _own(self):
        self.layer = nn.Linear(4, 4)

    def _same(self):
        self.layer = self.e

    def get_input_embeddings(self):
        return self.e
"""


@pytest.mark.parametrize(
    "body",
    [
        "f = self._own if unread() else self._same\nf()",
        "{'own': self._own, 'same': self._same}[unread()]()",
        "[self._own, self._same][unread()]()",
        "getattr(self, '_' + unread())()",
        "f = unread() and self._own or self._same\nf()",
        "f = next((one for one in [self._same, self._own] if unread()), print)\nf()",
        "f = give if unread() else self._same.__func__\nf(self)",
        "for f in [self._own, self._same][: unread()]:\n    f()",
        "[f() for f in [self._own] if unread()]",
        "match unread():\n    case 1:\n        f = self._own\n    case _:\n        f = self._same\nf()",
    ],
)
def test_what_may_be_a_method_of_the_model_may_give_it_attributes(body: str) -> None:
    """The attribute that is read next was taken to be certainly not there."""
    found = mapped(MODEL.replace("BODY", body.replace("\n", "\n        ")), "Model", ERAS[-1])
    assert found.raises is None
    assert found.ties is None
