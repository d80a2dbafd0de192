"""A layer that puts one module, or parameter, under two names is built, however its text does so. All run in
4.51.3 and 5.23.0."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Write
from tests.intrinsics.torch.test_handing import PARTS, text_of
from tests.tiny_models import mapped

SHARED = """
for one in [made()]: self.p, self.q = one, one  # p.weight q.weight
p: nn.Module = made(); self.p = p; self.q = p  # p.weight q.weight
self.p = (p := made()); self.q = p  # p.weight q.weight
self.x = nn.ModuleList([y for x in [made()] for y in (x, x)])  # x.0.weight x.1.weight
for _, one in enumerate([made()]): self.p, self.q = one, one  # p.weight q.weight
self.p = made(); [r] = [self.p]; self.q = r  # p.weight q.weight
d = {"a": made()}; self.p = d["a"]; self.q = d["a"]  # p.weight q.weight
d = {}; d["a"] = made(); self.p = d["a"]; self.q = d["a"]  # p.weight q.weight
l = []; l.append(made()); self.p = l[0]; self.q = l[0]  # p.weight q.weight
l = []; l += [made()]; self.p = l[0]; self.q = l[0]  # p.weight q.weight
self.register_module("p", made()); self.q = self.p  # p.weight q.weight
self.add_module("p", made()); self.q = self.p  # p.weight q.weight
setattr(self, "p", made()); self.q = self.p  # p.weight q.weight
setattr(self, "p", made()); setattr(self, "q", self.p)  # p.weight q.weight
self.p = made(); self.q = getattr(self, "p")  # p.weight q.weight
self.p = made(); self.q = self._modules["p"]  # p.weight q.weight
self.p = made(); self.q = self.get_submodule("p")  # p.weight q.weight
self.p = made(); self.q = list(self.children())[0]  # p.weight q.weight
self.p = made(); self.q = next(self.children())  # p.weight q.weight
self.p = made(); self.q = dict(self.named_children())["p"]  # p.weight q.weight
self.p = made(); self.q = made(); self.q._parameters["weight"] = self.p._parameters["weight"]  # p.weight q.weight
self.p = made(); f = lambda: self; self.q = f().p  # p.weight q.weight
self.p = made(); me = self; self.q = me.p  # p.weight q.weight
self.p = made(); (lambda me: setattr(me, "q", me.p))(self)  # p.weight q.weight
self.p = self.q = made()  # p.weight q.weight
self.p, self.q = [made()] * 2  # p.weight q.weight
self.p, self.q = (made(),) * 2  # p.weight q.weight
self.x = nn.ModuleList([made()] * 2)  # x.0.weight x.1.weight
self.x = nn.ModuleList(); self.x.extend([made()] * 2)  # x.0.weight x.1.weight
import copy; self.p = made(); self.q = copy.copy(self.p)  # p.weight q.weight
p = made(); self.p = p; self.q = locals()["p"]  # p.weight q.weight
self.p = [made()]; self.x = nn.ModuleList(self.p); self.y = nn.ModuleList(self.p)  # x.0.weight y.0.weight
import itertools; self.x = nn.ModuleList(itertools.repeat(made(), 2))  # x.0.weight x.1.weight
self.p = made() if True else None; self.q = self.p  # p.weight q.weight
r = p = made(); self.p = p; self.q = r  # p.weight q.weight
(p, r) = (made(), 1); self.p = p; self.q = p  # p.weight q.weight
p = [made()]; q = list(p); self.p = p[0]; self.q = q[0]  # p.weight q.weight
p = made(); r = p; self.p = p; self.q = r  # p.weight q.weight
p = dict(a=made()); self.p = p.pop("a"); self.q = self.p  # p.weight q.weight
p = made(); s = [p]; self.p = s[0]; self.q = s[-1]  # p.weight q.weight
self.p = made(); self.q = made(); self.q.weight = self.p.weight  # p.weight q.weight
self.p = made(); self.q = made(); setattr(self.q, "weight", self.p.weight)  # p.weight q.weight
self.p = made(); self.q = made(); self.q.register_parameter("weight", self.p.weight)  # p.weight q.weight
self.p = made(); self.x = nn.ModuleList([self.p])  # p.weight x.0.weight
self.p = made(); self.x = nn.ModuleDict({"a": self.p})  # p.weight x.a.weight
self.p = made(); self.x = nn.Sequential(nn.ReLU(), self.p)  # p.weight x.1.weight
self.p = made(); w = self.p.weight; self.w = w  # p.weight w
p = nn.Parameter(nn.Linear(8, 8).weight); self.p = p; self.q = p  # p q
ps = [made() for _ in range(2)]; self.p = ps[0]; self.q = ps[0]  # p.weight q.weight
ps = {k: made() for k in "ab"}; self.p = ps["a"]; self.q = ps["a"]  # p.weight q.weight
ps = tuple(made() for _ in range(2)); self.p, self.q = ps[0], ps[0]  # p.weight q.weight
ps = list(map(lambda _: made(), range(2))); self.p = ps[0]; self.q = ps[0]  # p.weight q.weight
self.ps = [made()]; self.p = self.ps[0]; self.q = self.ps[0]  # p.weight q.weight
self.x = nn.ModuleList(); [self.x.append(m) for m in [made()] * 2]  # x.0.weight x.1.weight
self.x = nn.ModuleList(m for m in [made()] for _ in range(2))  # x.0.weight x.1.weight
m = made(); self.x = nn.ModuleList([m for _ in range(2)])  # x.0.weight x.1.weight
m = made(); self.x = nn.ModuleDict(dict(a=m, b=m))  # x.a.weight x.b.weight
m = made(); self.x = nn.ModuleDict({k: m for k in "ab"})  # x.a.weight x.b.weight
m = made(); self.x = nn.Sequential(*[m] * 2)  # x.0.weight x.1.weight
m = made(); self.x = nn.Sequential(m, nn.ReLU(), m)  # x.0.weight x.2.weight
m = None; m = m or made(); self.p = m; self.q = m  # p.weight q.weight
m = made() if config else made(); self.p = m; self.q = m  # p.weight q.weight
m = (made(),)[0]; self.p = m; self.q = m  # p.weight q.weight
m, *rest = [made()]; self.p = m; self.q = m  # p.weight q.weight
*rest, m = [made()]; self.p = m; self.q = m  # p.weight q.weight
self.p, _ = made(), 1; self.q = self.p  # p.weight q.weight
[self.p] = [made()]; self.q = self.p  # p.weight q.weight
for self.p in [made()]: self.q = self.p  # p.weight q.weight
for i in range(1): m = made(); self.p = m; self.q = m  # p.weight q.weight
for i in range(2): self.p = made(); self.q = self.p  # p.weight q.weight
self.p = made(); self.x = [self.p]; self.y = nn.ModuleList(self.x)  # p.weight y.0.weight
self.p = made(); setattr(self, "q", self.p)  # p.weight q.weight
self.p = made(); self.add_module("q", self.p)  # p.weight q.weight
m = made(); self.add_module("p", m); self.add_module("q", m)  # p.weight q.weight
m = made(); setattr(self, "p", m); setattr(self, "q", m)  # p.weight q.weight
m = made(); [setattr(self, k, m) for k in "pq"]  # p.weight q.weight
m = made(); any(setattr(self, k, m) for k in "pq")  # p.weight q.weight
import functools; make = functools.lru_cache(None)(made); self.p = make(); self.q = make()  # p.weight q.weight
import functools; make = functools.cache(lambda: made()); self.p = make(); self.q = make()  # p.weight q.weight
get = lambda m=made(): m; self.p = get(); self.q = get()  # p.weight q.weight
m = made(); get = lambda: m; self.p = get(); self.q = get()  # p.weight q.weight
class H: m = made(); self.p = H.m; self.q = H.m  # p.weight q.weight
class H: pass; h = H(); h.m = made(); self.p = h.m; self.q = h.m  # p.weight q.weight
import types; h = types.SimpleNamespace(m=made()); self.p = h.m; self.q = h.m  # p.weight q.weight
config.m = made(); self.p = config.m; self.q = config.m  # p.weight q.weight
self.p = made(); self.q = self.p if True else None  # p.weight q.weight
self.p = made(); self.q = self.p or None  # p.weight q.weight
self.p = made(); self.q = [self.p][0]  # p.weight q.weight
self.p = made(); self.q = (lambda: self.p)()  # p.weight q.weight
self.p = made(); self.q = self.p.to("cpu")  # p.weight q.weight
self.p = made(); self.q = self.p.requires_grad_(False)  # p.weight q.weight
self.p = made().to("cpu"); self.q = self.p.train()  # p.weight q.weight
m = made(); self.p = m.eval(); self.q = m.eval()  # p.weight q.weight
m = made(); self.p = m; self.q = nn.Sequential(m)[0]  # p.weight q.weight
self.x = nn.ModuleList([made()]); self.y = nn.ModuleList(self.x)  # x.0.weight y.0.weight
self.x = nn.ModuleList([made()]); self.y = self.x[:1]  # x.0.weight y.0.weight
self.x = nn.ModuleDict({"a": made()}); self.y = self.x["a"]  # x.a.weight y.weight
self.x = nn.Sequential(made()); self.y = self.x.get_submodule("0")  # x.0.weight y.weight
self.x = nn.Sequential(made()); self.y, = self.x  # x.0.weight y.weight
self.x = nn.Sequential(made()); self.y = nn.Sequential(*self.x)  # x.0.weight y.0.weight
self.x = nn.Sequential(made()); self.y = nn.Sequential(*self.x.children())  # x.0.weight y.0.weight
self.x = nn.Sequential(made()); self.y = [*self.x.modules()][1]  # x.0.weight y.weight
self.__setattr__("p", made()); self.q = self.p  # p.weight q.weight
object.__setattr__(self, "h", made()); self.p = self.h; self.q = self.h  # p.weight q.weight
nn.Module.__setattr__(self, "p", made()); self.q = self.p  # p.weight q.weight
nn.Module.add_module(self, "p", made()); self.q = self.p  # p.weight q.weight
super().__setattr__("p", made()); self.q = self.p  # p.weight q.weight
"""
"""What a layer does, and the names below it that are one parameter."""
UNKNOWN = """
self.p = made(); self.q = nn.Linear(8, 8, bias=False); self.q.weight = next(self.p.parameters())
self.p = made(); self.q = nn.Linear(8, 8, bias=False); self.q.weight = next(self.parameters())
self.p = made(); self.q = nn.Linear(8, 8, bias=False); self.q.load_state_dict(self.p.state_dict(keep_vars=True), assign=True)
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
    assert found.ties == [[f"layer.{name}" for name in names.split()]]


@pytest.mark.parametrize("body", UNKNOWN.strip().split("\n"))
def test_what_may_be_under_two_names(write: Write, tmp_path: Path, body: str) -> None:
    write("parts.py", PARTS)
    assert mapped(text_of(body), "Model", path=tmp_path / "modeling_tiny.py").ties is None


@pytest.mark.parametrize("body", APART.strip().split("\n"))
def test_what_is_under_one_name(write: Write, tmp_path: Path, body: str) -> None:
    write("parts.py", PARTS)
    assert mapped(text_of(body), "Model", path=tmp_path / "modeling_tiny.py").ties == []
