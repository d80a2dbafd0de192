"""Layers that wait, and what models do with them: whoever looks at one, or gives it something, finds it
built. All run in 4.51.3 and 5.23.0."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_models import mapped

MODEL = """
import copy
import functools
import types
import weakref

def made():
    return nn.Linear(8, 8, bias=False)

def local_class(e):
    class L(nn.Module):
        def __init__(self):
            super().__init__()
            self.e = e
    return L

class Box:
    def __init__(self, m):
        self.m = m

class Plain(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.p = made()
    def take(self, other=None):
        if other is not None:
            self.p = other.p
        return self

class Holder(nn.Module):
    def __init__(self, m):
        super().__init__()
        if isinstance(m, nn.Module) and not isinstance(m, Plain):
            m = m.x
        elif isinstance(m, (list, tuple)):
            m = m[0]
        elif isinstance(m, dict):
            m = m["a"]
        elif hasattr(m, "m"):
            m = m.m
        elif hasattr(m, "__next__"):
            m = next(m)
        elif callable(m) and not isinstance(m, nn.Module):
            m = m()
        self.p = m.p

class FromConfig(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.p = config.x.p if hasattr(config, "x") else config.xs[0].p

class FromBox(nn.Module):
    def __init__(self, box):
        super().__init__()
        self.p = made()
        box.m = self

class IntoList(nn.Module):
    def __init__(self, items):
        super().__init__()
        self.p = made()
        items.append(self)

class IntoDict(nn.Module):
    def __init__(self, items):
        super().__init__()
        self.p = made()
        items["m"] = self

def two(config):
    return nn.ModuleList([Plain(config) for _ in range(2)])

def giving(e):
    return lambda m: setattr(m, "e", e) if isinstance(m, Plain) else None

def zip_weights(x, y):
    for a, b in zip(x.children(), y.children()):
        setattr(b, "weight", a.weight)

def tie(a, b):
    b.p = a.p

def give_to(model, layers):
    for layer in layers:
        layer.e = model.e

class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        {body}
        self.post_init()
    def give(self, m):
        if isinstance(m, Plain):
            m.e = self.e
    def give_all(self):
        for m in self.x:
            self.give(m)
    def get_x(self):
        return self.x
"""
DONE = """
self.e = made(); self.x = nn.ModuleList([local_class(self.e)() for _ in range(2)])  # e x.0.e x.1.e
self.e = made(); self.x = local_class(self.e)()  # e x.e
self.e = made(); self.x = two(config); [setattr(m, "e", self.e) for m in self.x]  # e x.0.e x.1.e
self.e = made(); self.x = two(config); self.x[0].e = self.e  # e x.0.e
self.e = made(); self.x = two(config); self.x[1].p = self.x[0].p  # x.0.p x.1.p
self.e = made(); self.x = two(config); self.x[1].p.weight = self.x[0].p.weight  # x.0.p x.1.p
self.e = made(); self.x = two(config); self.x[1].take(self.x[0])  # x.0.p x.1.p
self.e = made(); self.x = two(config); self.x[1].register_module("e", self.e)  # e x.1.e
self.e = made(); self.x = two(config); self.x.apply(giving(self.e))  # e x.0.e x.1.e
self.e = made(); self.x = two(config); self.apply(self.give)  # ?
self.e = made(); self.x = two(config); self.give_all()  # e x.0.e x.1.e
self.e = made(); self.x = two(config); list(map(self.give, self.x))  # e x.0.e x.1.e
self.e = made(); self.x = two(config); give_to(self, self.x)  # e x.0.e x.1.e
self.x = nn.ModuleList([Plain(config)] * 2)  # x.0.p x.1.p
self.x = nn.ModuleList([Plain(config)]); self.x.append(self.x[0])  # x.0.p x.1.p
self.x = nn.ModuleList([Plain(config)]); self.y = self.x  # x.0.p y.0.p
self.x = nn.ModuleList([Plain(config)]); self.y = nn.ModuleList(self.x)  # x.0.p y.0.p
self.x = nn.ModuleList([Plain(config)]); self.y = nn.Sequential(*self.x)  # x.0.p y.0.p
self.x = Plain(config); self.y = nn.ModuleList([self.x])  # x.p y.0.p
self.x = Plain(config); self.y = copy.copy(self.x)  # x.p y.p
self.x = Plain(config); self.y = copy.deepcopy(self.x)
self.x = Plain(config); self.y = Plain(config); self.y._modules["p"] = self.x.p  # x.p y.p
self.x = Plain(config); self.y = Plain(config); self.y._modules = self.x._modules  # ?
self.x = Plain(config); self.y = Plain(config); self.y.__dict__ = self.x.__dict__  # ?
self.x = Plain(config); self.y = Plain(config); self.y.p._parameters = self.x.p._parameters  # ?
self.x = Plain(config); self.y = Plain(config); vars(self.y)["_modules"]["p"] = self.x.p  # x.p y.p
self.x = Plain(config); self.y = Plain(config); self.y.load_state_dict(self.x.state_dict())
self.x = Plain(config); self.y = Plain(config); setattr(self.y, "p", getattr(self.x, "p"))  # x.p y.p
self.x = Plain(config); self.y = Plain(config); setattr(self.y.p, "weight", self.x.p.weight)  # x.p y.p
self.x = Plain(config); self.y = Plain(config); zip_weights(self.x, self.y)  # x.p y.p
self.x = Plain(config); self.y = Plain(config); tie(self.x, self.y)  # x.p y.p
self.x = Plain(config); self.y = Holder(self.x)  # x.p y.p
self.x = Plain(config); self.y = Holder([self.x])  # x.p y.p
self.x = Plain(config); self.y = Holder({"a": self.x})  # x.p y.p
self.x = Plain(config); self.y = Holder(lambda: self.x)  # ?
self.x = Plain(config); self.y = Holder(functools.partial(lambda m: m, self.x))  # ?
self.x = Plain(config); self.y = Holder(Box(self.x))  # x.p y.p
self.x = Plain(config); self.y = Holder(types.SimpleNamespace(m=self.x))  # x.p y.p
self.x = Plain(config); self.y = Holder(weakref.ref(self.x))  # ?
self.x = Plain(config); self.y = Holder(iter([self.x]))  # x.p y.p
self.x = Plain(config); self.y = Holder((m for m in [self.x]))  # x.p y.p
self.x = Plain(config); self.y = Holder(self.x.take)  # ?
self.x = Plain(config); self.y = Holder(self)  # x.p y.p
self.x = Plain(config); self.y = Holder(self.get_x)  # ?
config.x = Plain(config); self.x = config.x; self.y = FromConfig(config)  # x.p y.p
config.xs = [Plain(config)]; self.x = config.xs[0]; self.y = FromConfig(config)  # x.p y.p
box = Box(None); self.y = FromBox(box); box.m = self.x = Plain(config)
box = Box(None); self.y = FromBox(box); self.x = box.m  # x.p y.p
items = []; self.y = IntoList(items); self.x = items[0]  # x.p y.p
items = {}; self.y = IntoDict(items); self.x = items["m"]  # x.p y.p
"""
"""What a model does, and the modules below it whose weights are one parameter; "?" for what is not known."""


@pytest.mark.parametrize("line", DONE.strip().split("\n"))
def test_what_a_model_does_with_layers_that_wait(tmp_path: Path, line: str) -> None:
    body, _, names = line.partition("  # ")
    text = MODEL.format(body=body.replace("; ", "\n        "))
    found = mapped(text, "Model", path=tmp_path / "modeling_tiny.py")
    shared = [[f"{name}.weight" for name in names.split()]] if names else []
    assert found.ties == (None if names == "?" else shared)
