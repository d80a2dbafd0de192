"""A layer that puts one module, or parameter, under two names is built, however its text does so. All run in
4.51.3 and 5.23.0."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Write
from tests.intrinsics.torch.test_handing import PARTS, text_of
from tests.tiny_models import mapped

SHARED = """
for one in [made()]: self.p, self.q = one, one  # p q
p: nn.Module = made(); self.p = p; self.q = p  # p q
self.p = (p := made()); self.q = p  # p q
self.x = nn.ModuleList([y for x in [made()] for y in (x, x)])  # x.0 x.1
for _, one in enumerate([made()]): self.p, self.q = one, one  # p q
self.p = made(); [r] = [self.p]; self.q = r  # p q
d = {"a": made()}; self.p = d["a"]; self.q = d["a"]  # p q
d = {}; d["a"] = made(); self.p = d["a"]; self.q = d["a"]  # p q
l = []; l.append(made()); self.p = l[0]; self.q = l[0]  # p q
l = []; l += [made()]; self.p = l[0]; self.q = l[0]  # p q
self.register_module("p", made()); self.q = self.p  # p q
self.add_module("p", made()); self.q = self.p  # p q
setattr(self, "p", made()); self.q = self.p  # p q
setattr(self, "p", made()); setattr(self, "q", self.p)  # p q
self.p = made(); self.q = getattr(self, "p")  # p q
self.p = made(); self.q = self._modules["p"]  # p q
self.p = made(); self.q = self.get_submodule("p")  # p q
self.p = made(); self.q = list(self.children())[0]  # p q
self.p = made(); self.q = next(self.children())  # p q
self.p = made(); self.q = dict(self.named_children())["p"]  # p q
self.p = made(); self.q = made(); self.q._parameters["weight"] = self.p._parameters["weight"]  # p q
self.p = made(); f = lambda: self; self.q = f().p  # p q
self.p = made(); me = self; self.q = me.p  # p q
self.p = made(); (lambda me: setattr(me, "q", me.p))(self)  # p q
self.p = self.q = made()  # p q
self.p, self.q = [made()] * 2  # p q
self.p, self.q = (made(),) * 2  # p q
self.x = nn.ModuleList([made()] * 2)  # x.0 x.1
self.x = nn.ModuleList(); self.x.extend([made()] * 2)  # x.0 x.1
import copy; self.p = made(); self.q = copy.copy(self.p)  # p q
p = made(); self.p = p; self.q = locals()["p"]  # p q
self.p = [made()]; self.x = nn.ModuleList(self.p); self.y = nn.ModuleList(self.p)  # x.0 y.0
import itertools; self.x = nn.ModuleList(itertools.repeat(made(), 2))  # x.0 x.1
self.p = made() if True else None; self.q = self.p  # p q
r = p = made(); self.p = p; self.q = r  # p q
(p, r) = (made(), 1); self.p = p; self.q = p  # p q
p = [made()]; q = list(p); self.p = p[0]; self.q = q[0]  # p q
p = made(); r = p; self.p = p; self.q = r  # p q
p = dict(a=made()); self.p = p.pop("a"); self.q = self.p  # p q
p = made(); s = [p]; self.p = s[0]; self.q = s[-1]  # p q
self.p = made(); self.q = made(); self.q.weight = self.p.weight  # p q
self.p = made(); self.q = made(); setattr(self.q, "weight", self.p.weight)  # p q
self.p = made(); self.q = made(); self.q.register_parameter("weight", self.p.weight)  # p q
self.p = made(); self.x = nn.ModuleList([self.p])  # p x.0
self.p = made(); self.x = nn.ModuleDict({"a": self.p})  # p x.a
self.p = made(); self.x = nn.Sequential(nn.ReLU(), self.p)  # p x.1
ps = [made() for _ in range(2)]; self.p = ps[0]; self.q = ps[0]  # p q
ps = {k: made() for k in "ab"}; self.p = ps["a"]; self.q = ps["a"]  # p q
ps = tuple(made() for _ in range(2)); self.p, self.q = ps[0], ps[0]  # p q
ps = list(map(lambda _: made(), range(2))); self.p = ps[0]; self.q = ps[0]  # p q
self.ps = [made()]; self.p = self.ps[0]; self.q = self.ps[0]  # p q
self.x = nn.ModuleList(); [self.x.append(m) for m in [made()] * 2]  # x.0 x.1
self.x = nn.ModuleList(m for m in [made()] for _ in range(2))  # x.0 x.1
m = made(); self.x = nn.ModuleList([m for _ in range(2)])  # x.0 x.1
m = made(); self.x = nn.ModuleDict(dict(a=m, b=m))  # x.a x.b
m = made(); self.x = nn.ModuleDict({k: m for k in "ab"})  # x.a x.b
m = made(); self.x = nn.Sequential(*[m] * 2)  # x.0 x.1
m = made(); self.x = nn.Sequential(m, nn.ReLU(), m)  # x.0 x.2
m = None; m = m or made(); self.p = m; self.q = m  # p q
m = made() if config else made(); self.p = m; self.q = m  # p q
m = (made(),)[0]; self.p = m; self.q = m  # p q
m, *rest = [made()]; self.p = m; self.q = m  # p q
*rest, m = [made()]; self.p = m; self.q = m  # p q
self.p, _ = made(), 1; self.q = self.p  # p q
[self.p] = [made()]; self.q = self.p  # p q
for self.p in [made()]: self.q = self.p  # p q
for i in range(1): m = made(); self.p = m; self.q = m  # p q
for i in range(2): self.p = made(); self.q = self.p  # p q
self.p = made(); self.x = [self.p]; self.y = nn.ModuleList(self.x)  # p y.0
self.p = made(); setattr(self, "q", self.p)  # p q
self.p = made(); self.add_module("q", self.p)  # p q
m = made(); self.add_module("p", m); self.add_module("q", m)  # p q
m = made(); setattr(self, "p", m); setattr(self, "q", m)  # p q
m = made(); [setattr(self, k, m) for k in "pq"]  # p q
m = made(); any(setattr(self, k, m) for k in "pq")  # p q
import functools; make = functools.lru_cache(None)(made); self.p = make(); self.q = make()  # p q
import functools; make = functools.cache(lambda: made()); self.p = make(); self.q = make()  # p q
get = lambda m=made(): m; self.p = get(); self.q = get()  # p q
m = made(); get = lambda: m; self.p = get(); self.q = get()  # p q
class H: m = made(); self.p = H.m; self.q = H.m  # p q
class H: pass; h = H(); h.m = made(); self.p = h.m; self.q = h.m  # p q
import types; h = types.SimpleNamespace(m=made()); self.p = h.m; self.q = h.m  # p q
config.m = made(); self.p = config.m; self.q = config.m  # p q
self.p = made(); self.q = self.p if True else None  # p q
self.p = made(); self.q = self.p or None  # p q
self.p = made(); self.q = [self.p][0]  # p q
self.p = made(); self.q = (lambda: self.p)()  # p q
self.p = made(); self.q = self.p.to("cpu")  # p q
self.p = made(); self.q = self.p.requires_grad_(False)  # p q
self.p = made().to("cpu"); self.q = self.p.train()  # p q
m = made(); self.p = m.eval(); self.q = m.eval()  # p q
m = made(); self.p = m; self.q = nn.Sequential(m)[0]  # p q
self.x = nn.ModuleList([made()]); self.y = nn.ModuleList(self.x)  # x.0 y.0
self.x = nn.ModuleList([made()]); self.y = self.x[:1]  # x.0 y.0
self.x = nn.ModuleDict({"a": made()}); self.y = self.x["a"]  # x.a y
self.x = nn.Sequential(made()); self.y = self.x.get_submodule("0")  # x.0 y
self.x = nn.Sequential(made()); self.y, = self.x  # x.0 y
self.x = nn.Sequential(made()); self.y = nn.Sequential(*self.x)  # x.0 y.0
self.x = nn.Sequential(made()); self.y = nn.Sequential(*self.x.children())  # x.0 y.0
self.x = nn.Sequential(made()); self.y = [*self.x.modules()][1]  # x.0 y
self.__setattr__("p", made()); self.q = self.p  # p q
object.__setattr__(self, "h", made()); self.p = self.h; self.q = self.h  # p q
nn.Module.__setattr__(self, "p", made()); self.q = self.p  # p q
nn.Module.add_module(self, "p", made()); self.q = self.p  # p q
super().__setattr__("p", made()); self.q = self.p  # p q
"""
"""What a layer does, and the modules below it whose weights are one parameter."""
PARAMETERS = {
    "self.p = made(); w = self.p.weight; self.w = w": ["layer.p.weight", "layer.w"],
    "p = nn.Parameter(made().weight); self.p = p; self.q = p": ["layer.p", "layer.q"],
}
UNKNOWN = """
self.p, self.q = made(), made(); self.q.weight = next(self.p.parameters())
self.p, self.q = made(), made(); self.q.weight = next(self.parameters())
self.p, self.q = made(), made(); self.q.load_state_dict(self.p.state_dict(keep_vars=True), assign=True)
from collections import defaultdict; d = defaultdict(made); self.p = d["a"]; self.q = d["a"]
it = map(lambda _: p, range(2)); p = made(); self.p = next(it); self.q = next(it)
self.p = made(); self.q = self.__getattr__("p")
"""
"""What is one parameter, too, and cannot be followed."""
APART = """
import copy; p = made(); self.p = p; self.q = copy.deepcopy(p)
self.p = made(); w = self.p.weight; self.q = nn.Parameter(w)
x, y = made(), made(); x, y = y, x; self.p = x; self.q = y
for k in "pq": setattr(self, k, made())
"""


@pytest.mark.parametrize("line", SHARED.strip().split("\n"))
def test_what_is_under_two_names(write: Write, tmp_path: Path, line: str) -> None:
    write("parts.py", PARTS)
    body, _, names = line.partition("  # ")
    found = mapped(text_of(body), "Model", path=tmp_path / "modeling_tiny.py")
    assert found.ties == [[f"layer.{name}.weight" for name in names.split()]]


@pytest.mark.parametrize(("body", "names"), PARAMETERS.items())
def test_what_parameter_is_under_two_names(write: Write, tmp_path: Path, body: str, names: list[str]) -> None:
    write("parts.py", PARTS)
    assert mapped(text_of(body), "Model", path=tmp_path / "modeling_tiny.py").ties == [names]


@pytest.mark.parametrize("body", UNKNOWN.strip().split("\n"))
def test_what_may_be_under_two_names(write: Write, tmp_path: Path, body: str) -> None:
    write("parts.py", PARTS)
    assert mapped(text_of(body), "Model", path=tmp_path / "modeling_tiny.py").ties is None


@pytest.mark.parametrize("body", APART.strip().split("\n"))
def test_what_is_under_one_name(write: Write, tmp_path: Path, body: str) -> None:
    write("parts.py", PARTS)
    assert mapped(text_of(body), "Model", path=tmp_path / "modeling_tiny.py").ties == []
