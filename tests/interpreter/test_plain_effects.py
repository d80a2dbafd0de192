"""What may have been changed, of plain objects, in code that may not have run.

Run in 5.23.0 with several values of ``u``, what is shared hangs on which it is.
"""

from __future__ import annotations

import pytest

from tests.tiny_models import ERAS, mapped

MODEL = """
import json
import os
import contextlib
import functools
import types

FLAG = False
TABLE = {"share": False}
ITEMS = []

class OwnConfig(TinyConfig):
    share = False
    def enable(self): self.share = True
    def check(self, other): other.share = True

class O:
    share = False
    def __init__(self): self.share = False; self.n = 0; self.d = {}; self.l = []
    def enable(self): self.share = True
    def enable2(self): self.enable()
    def set(self, v): self.share = v
    def bump(self): self.n += 1
    def put(self, k, v): self.d[k] = v
    def add(self, v): self.l.append(v)
    def chain(self): self.share = True; return self
    @classmethod
    def cenable(cls): cls.share2 = True
    @staticmethod
    def senable(o): o.share = True
    def __enter__(self): self.share = True; return self
    def __exit__(self, *a): pass
    def __call__(self): self.share = True
    def __iadd__(self, o): self.n += o; return self
    def __setitem__(self, k, v): self.share = v
    share2 = False
    @property
    def touch(self): self.share = True; return 1
    def __iter__(self): self.share = True; return iter([])
    def __eq__(self, o): self.share = True; return True
    def __bool__(self): self.share = True; return True
    def __contains__(self, k): self.share = True; return True
    def __getattr__(self, k): self.__dict__["share"] = True; return 1
class Counted:
    made = 0
    def __init__(self): Counted.made += 1
def enable():
    global FLAG
    FLAG = True
def enable_table(): TABLE["share"] = True
def enable_table2(): enable_table()
def enable_items(): ITEMS.append(1)
def seto(o): o.share = True
def seto2(o): setattr(o, "share", True)
def setd(d): d["share"] = True
def setl(l): l.append(1)
def updd(d): d.update(share=True)
def deco(f):
    @functools.wraps(f)
    def inner(*a): f(*a)
    return inner
@deco
def dseto(o): o.share = True

class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.p = nn.Linear(4, 4)
        u = json.loads(os.environ["OPTIONS"])
        o, d, l, flag = O(), {}, [], False
        ns = types.SimpleNamespace(share=False)
        BODY
        self.q = self.p if (SHARED) else nn.Linear(4, 4)

    def own(self, o):
        o.share = True

class Model(TinyPreTrainedModel):
    config_class = OwnConfig

    def __init__(self, config):
        super().__init__(config)
        self.e = nn.Embedding(10, 4)
        self.layer = Layer(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.e
"""

#: What may change something, and what hangs on that.
FORMS = [
    ("if u: o.share = True", "o.share"),
    ("if u: o.enable()", "o.share"),
    ("if u: o.enable2()", "o.share"),
    ("if u: o.set(True)", "o.share"),
    ("if u: o.bump()", "o.n"),
    ('if u: o.put("share", True)', 'o.d.get("share")'),
    ("if u: o.add(1)", "o.l"),
    ("if u: o.chain().chain()", "o.share"),
    ("if u: O.cenable()", "O.share2"),
    ("if u: o.cenable()", "O.share2"),
    ("if u: O.senable(o)", "o.share"),
    ("if u: o()", "o.share"),
    ("if u: o += 1", "o.n"),
    ('if u: o["a"] = True', "o.share"),
    ("if u: enable()", "FLAG"),
    ("if u: enable_table()", 'TABLE["share"]'),
    ("if u: enable_table2()", 'TABLE["share"]'),
    ("if u: enable_items()", "ITEMS"),
    ("if u: seto(o)", "o.share"),
    ("if u: seto2(o)", "o.share"),
    ("if u: dseto(o)", "o.share"),
    ("if u: setd(d)", 'd.get("share")'),
    ("if u: setl(l)", "l"),
    ("if u: updd(d)", 'd.get("share")'),
    ("if u: seto(ns)", "ns.share"),
    ("if u: seto2(ns)", "ns.share"),
    ("if u: ns.share = True", "ns.share"),
    ('if u: setattr(ns, "share", True)', "ns.share"),
    ('if u: ns.__dict__["share"] = True', "ns.share"),
    ("if u: ns.__dict__.update(share=True)", "ns.share"),
    ('if u: o.__dict__["share"] = True', "o.share"),
    ("if u: o.__dict__.update(share=True)", "o.share"),
    ('if u: object.__setattr__(o, "share", True)', "o.share"),
    ("if u: self.own(o)", "o.share"),
    ("if u: Layer.own(self, o)", "o.share"),
    ("if u: config.enable()", "config.share"),
    ("if u: config.check(o)", "o.share"),
    ('if u: config.update({"share": True})', "config.share"),
    ("if u: config.share = True", "config.share"),
    ("if u: list(map(seto, [o]))", "o.share"),
    ("if u: [seto(x) for x in [o]]", "o.share"),
    ("if u: functools.partial(seto, o)()", "o.share"),
    ("if u: (lambda: seto(o))()", "o.share"),
    ("if u: (lambda x: x.enable())(o)", "o.share"),
    ("f = o.enable\nif u: f()", "o.share"),
    ("f = functools.partial(o.set, True)\nif u: f()", "o.share"),
    ("f = lambda: o.enable()\nif u: f()", "o.share"),
    ("fs = [o.enable]\nif u: fs[0]()", "o.share"),
    ('fs = {"a": seto}\nif u: fs["a"](o)', "o.share"),
    ("def f(): o.share = True\nif u: f()", "o.share"),
    ("def f():\n    nonlocal flag\n    flag = True\nif u: f()", "flag"),
    ("if u: flag = True", "flag"),
    ("flag = u or flag", "flag"),
    ("flag |= bool(u)", "flag"),
    ("flag = True if u else False", "flag"),
    ("u and o.enable()", "o.share"),
    ("u or o.enable()", "o.share"),
    ("x = o.enable() if u else None", "o.share"),
    ("[o.enable() for i in u]", "o.share"),
    ("[o.enable() for i in [1] if u]", "o.share"),
    ("{i: o.enable() for i in u}", "o.share"),
    ("list(o.enable() for i in u)", "o.share"),
    ("any(o.set(True) for i in u)", "o.share"),
    ("for i in u: o.enable()", "o.share"),
    ("for i in range(u): o.bump()", "o.n"),
    ("while u: o.enable(); break", "o.share"),
    ("for i in u: l.append(i)", "l"),
    ("l += u", "l"),
    ("l.extend(u)", "l"),
    ("d.update(u)", "d"),
    ("d = {**u}", "d"),
    ("l = [*u]", "l"),
    ("l = list(u)", "l"),
    ("l = sorted(u)", "l"),
    ("l[:] = u", "l"),
    ("l = [i for i in u]", "l"),
    ("match u:\n    case 1: o.enable()\n    case _: pass", "o.share"),
    ("if (x := u): o.enable()", "o.share"),
    ("assert not u or o.enable() is None", "o.share"),
    ("print(u and o.enable())", "o.share"),
    ("str(u and o.enable())", "o.share"),
    ('d["x"] = u and o.enable()', "o.share"),
    ("with contextlib.suppress(Exception): u and o.enable()", "o.share"),
    ("x = [1, 2][u and o.enable() or 0]", "o.share"),
    ('f"{u and o.enable()}"', "o.share"),
    ('if u: os.environ["X"] = "1"', 'os.environ.get("X")'),
    ("if u: Layer.flag = True", 'getattr(Layer, "flag", False)'),
    ("if u: type(self).flag = True", 'getattr(self, "flag", False)'),
    ("if u: self.__class__.flag = True", 'getattr(self, "flag", False)'),
    ("if u: self.flag = True", 'getattr(self, "flag", False)'),
    ('if u: setattr(self, "flag", True)', 'getattr(self, "flag", False)'),
    ("if u: O.share2 = True", "o.share2"),
    ('if u: setattr(O, "share2", True)', "o.share2"),
    ("u and o.l.append(1)", "o.l"),
    ("u and l.append(1)", "l"),
    ("l.append(1) if u else None", "l"),
    ("f = l.append; u and f(1)", "l"),
    ("(l.append if u else print)(1)", "l"),
    ("for f in [l.append, l.count][:u]: f(1)", "l"),
    ("if u: o.touch", "o.share"),
    ("u and o.touch", "o.share"),
    ("if u: len([*o])", "o.share"),
    ("u and [*o]", "o.share"),
    ("if u: o == 1", "o.share"),
    ("[o == 1 for k in u]", "o.share"),
    ("x = 1 if u and o else 2", "o.share"),
    ("for k in u: 1 in o", "o.share"),
    ("if u: o.missing", "o.share"),
    ("if u:\n    with o: pass", "o.share"),
    ("0 < u < o.bump()", "o.n"),
    ("list(map(o.set, u))", "o.share"),
    ("[*filter(o.set, u)]", "o.share"),
    ("sorted(u, key=o.set)", "o.share"),
    ("p = o if u else O(); setattr(p, 'share', True)", "o.share"),
    ("p = o if u else O(); p.share = True", "o.share"),
    ("p = l if u else [2]; p *= 2", "l"),
    ("if u: Counted()", "Counted.made"),
    ("x = Counted() if u else None", "Counted.made"),
    ("try: [1, 2][u]; o.n = 1\nexcept IndexError: o.share = True", "o.share"),
    ("try: {'x': 1}[u]; o.n = 1\nexcept KeyError: o.share = True", "o.share"),
    ("try: int(u); o.n = 1\nexcept ValueError: o.share = True", "o.share"),
]


@pytest.mark.parametrize("release", ERAS[::2])
@pytest.mark.parametrize(("body", "shared"), FORMS)
def test_what_may_have_changed_is_unknown(body: str, shared: str, release: str) -> None:
    text = MODEL.replace("BODY", body.replace("\n", "\n        ")).replace("SHARED", shared)
    assert mapped(text, "Model", release).ties is None


@pytest.mark.parametrize("release", ERAS[::2])
@pytest.mark.parametrize("body", ["if u: enable()", "if u: o.enable()", "x = o.enable() if u else None"])
def test_what_cannot_have_changed_is_known(body: str, release: str) -> None:
    text = MODEL.replace("BODY", body).replace("SHARED", "O.share2")
    assert mapped(text, "Model", release).ties == []
