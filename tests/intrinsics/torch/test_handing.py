"""A layer that hands a module that it made to what keeps it under two names is built. Run in 4.51.3 and
5.23.0: all of it is one parameter, and where nothing is kept twice there is no tie."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Write
from tests.tiny_models import mapped
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.laziness import may_escape
from tie_lint.library.index import library
from tie_lint.project.project import Project

PARTS = """
import functools
from torch import nn

def made():
    return nn.Linear(8, 8, bias=False)

class Twice(nn.Module):
    def __init__(self, layer, size=8):
        super().__init__()
        self.p = layer
        self.q = layer
        self.more = nn.Linear(size, size)
    @classmethod
    def of(cls, layer):
        return cls(layer)

class ByAttribute(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.p = layer
        self.q = self.p

class Several(nn.Module):
    def __init__(self, *layers, **others):
        super().__init__()
        self.p = nn.ModuleList(layers)
        self.q = nn.ModuleList(layers)
        self.r = nn.ModuleDict(others)
        self.s = nn.ModuleDict(others)

class Wrap(nn.Module):
    def __init__(self, one):
        super().__init__()
        self.inner = Twice(one)

class InLoop(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.all = nn.ModuleList([layer for _ in range(2)])

class Once(nn.Module):
    def __init__(self, layer, size=8):
        super().__init__()
        self.layer = layer
        self.first = nn.Linear(size, size)
        self.second = nn.Linear(size, size)

class Keeper(nn.Module):
    def __init__(self, one=None):
        super().__init__()
        if one is not None:
            self.p, self.q = one, one
    def keep(self, one):
        self.p = one
        self.q = one

def twice(one):
    return nn.ModuleList([one, one])

KINDS = {"twice": Twice}
"""
MODEL = """
import functools
import parts
from parts import *

class Layer(Keeper):
    kind = Twice

    def __init__(self, config):
        {before}
        {body}

class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.layer = Layer(config)
        self.post_init()
"""
KEPT_TWICE = """
self.x = Twice(made())  # x.p x.q
self.x = Twice(nn.Linear(8, 8, bias=False))  # x.p x.q
self.x = Twice(size=8, layer=made())  # x.p x.q
p = made(); self.x = Twice(p)  # x.p x.q
p = made(); r = p; self.x = Twice(r)  # x.p x.q
p = made(); self.p = p; self.q = self.p  # p q
self.x = ByAttribute(made())  # x.p x.q
self.x = Several(made())  # x.p.0 x.q.0
self.x = Several(*[made()])  # x.p.0 x.q.0
self.x = Several(a=made())  # x.r.a x.s.a
self.x = Several(**{"a": made()})  # x.r.a x.s.a
self.x = Wrap(made())  # x.inner.p x.inner.q
self.x = InLoop(made())  # x.all.0 x.all.1
self.x = twice(made())  # x.0 x.1
self.x = KINDS["twice"](made())  # x.p x.q
self.x = self.kind(made())  # x.p x.q
self.x = Twice.of(made())  # x.p x.q
self.x = parts.Twice(made())  # x.p x.q
self.x = functools.partial(Twice, size=8)(made())  # x.p x.q
self.x = (lambda one: Twice(one))(made())  # x.p x.q
self.x = nn.ModuleList([Twice(made())])  # x.0.p x.0.q
self.x = Twice(nn.Sequential(made()))  # x.p.0 x.q.0
self.keep(made())  # p q
super().keep(made())  # p q
"""
KEPT_ONCE = """
self.x = Once(made())
self.x = Once(made(), config.hidden_size)
p = made(); self.x = Once(p)
self.x = nn.Sequential(made(), made())
self.x = Twice.__name__
"""


def text_of(body: str, before: str = "super().__init__()") -> str:
    return MODEL.format(before=before, body="\n        ".join(body.split("; ")))


BODIES = [
    (text_of(line.partition("  #")[0]), line.split("  # ")[1]) for line in KEPT_TWICE.split("\n") if line
]
BODIES += [
    (text_of("pass", f"{init}(made())"), "p q")
    for init in ("super().__init__", "super(Layer, self).__init__")
]


@pytest.mark.parametrize(("text", "names"), BODIES)
def test_what_keeps_a_module_twice_that_it_is_handed(
    write: Write, tmp_path: Path, text: str, names: str
) -> None:
    write("parts.py", PARTS)
    found = mapped(text, "Model", path=tmp_path / "modeling_tiny.py")
    assert found.ties == [[f"layer.{name}.weight" for name in names.split()]]


@pytest.mark.parametrize("body", [body for body in KEPT_ONCE.split("\n") if body])
def test_what_keeps_it_once_waits(write: Write, tmp_path: Path, body: str) -> None:
    write("parts.py", PARTS)
    path = write("modeling_tiny.py", "from torch import nn\n" + text_of(body).partition("class Model")[0])
    project = Project(library("5.23.0", installed=False))
    layer = project.file(path).lookup("Layer")
    assert isinstance(layer, Class)
    assert not may_escape(project.interpreter, layer)
