"""A layer that hands on what another of its methods, or its base, has put into an attribute. All run in
4.51.3 and 5.23.0."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_models import mapped

MODEL = """
import functools

def made():
    return nn.Linear(8, 8, bias=False)

class Twice(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.p = layer
        self.q = layer

class Once(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.p = layer

class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.base_p = made()
        self.base_ps = nn.ModuleList([made()])
        self.base_dict = nn.ModuleDict({{"m": made()}})
    def base_again(self):
        self.again = self.base_p
    def base_list(self, m):
        self.listed = nn.ModuleList([m])
    @property
    def kept(self):
        return self.base_p

class Layer(Base):
    def fill(self):
        self.p = made()
    def use(self):
        self.q = self.p
    def filled(self):
        self.fill()
        return self.p
    def given(self):
        return self.base_p

    def __init__(self, config):
        super().__init__()
        {body}

class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.layers = nn.ModuleList([Layer(config)])
        self.post_init()
"""
HANDED_ON = """
self.q = self.base_p  # base_p q
self.r = self.base_p; self.s = 1  # base_p r
self.fill(); self.q = self.p  # p q
self.fill(); self.add_module("q", self.p)  # p q
self.fill(); setattr(self, "q", self.p)  # p q
self.fill(); self.x = nn.ModuleList([self.p])  # p x.0
self.fill(); self.x = nn.Sequential(self.p, nn.ReLU())  # p x.0
self.fill(); self.use()  # p q
self.fill(); self.x = Twice(self.p)  # p x.p x.q
self.fill(); self.x = Once(self.p)  # p x.p
self.fill(); w = self.p.weight; self.q = made(); self.q.weight = w  # p q
self.fill(); self.q = made(); self.q.weight = self.p.weight  # p q
self.fill(); self.q = getattr(self, "p")  # p q
self.fill(); self.q = next(self.children())  # base_p q
self.q = self.filled()  # p q
self.q = self.base_ps[0]  # base_ps.0 q
self.q = self.given()  # base_p q
self.q = self.kept  # base_p q
self.q = self.base_dict["m"]  # base_dict.m q
self.q = [m for m in self.base_ps][0]  # base_ps.0 q
for m in self.base_ps: self.q = m  # base_ps.0 q
self.q, = self.base_ps  # base_ps.0 q
self.x = nn.ModuleList(self.base_ps)  # base_ps.0 x.0
self.x = nn.Sequential(*self.base_ps)  # base_ps.0 x.0
self.base_again()  # again base_p
self.base_list(self.base_p)  # base_p listed.0
super().base_list(self.base_p)  # base_p listed.0
"""
"""What a layer does, and the modules below it whose weights are one parameter."""


@pytest.mark.parametrize("line", HANDED_ON.strip().split("\n"))
def test_what_is_kept_in_one_method_and_handed_on_in_another(tmp_path: Path, line: str) -> None:
    body, _, names = line.partition("  # ")
    text = MODEL.format(body=body.replace("; ", "\n        "))
    found = mapped(text, "Model", path=tmp_path / "modeling_tiny.py")
    assert found.ties == [[f"layers.0.{name}.weight" for name in names.split()]]


def test_a_method_that_is_kept_for_later_does_not_run(tmp_path: Path) -> None:
    text = MODEL.format(body="self.p = made()\n        self.later = self.use")
    layer = mapped(text, "Model", path=tmp_path / "modeling_tiny.py").construction.model
    assert layer is not None
    (one,) = [module for _, module in layer.attrs["layers"].children()]
    assert one.build is not None
