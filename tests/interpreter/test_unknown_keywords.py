"""What is spread into ``**kwargs`` and not known may hold any key, or none.

Run in 5.23.0 with several mappings, what is shared hangs on which it is.
"""

from __future__ import annotations

import pytest

from tests.tiny_models import ERAS, mapped

MODEL = """
import json
import os
import types
from argparse import Namespace
from collections import defaultdict

def has_share(**kw):
    return "share" in kw

def has_two(**kw):
    return len(kw) > 1


class Layer(nn.Module):
    def __init__(self, **kw):
        super().__init__()
        self.p = nn.Linear(4, 4)
        BODY

class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.e = nn.Embedding(10, 4)
        self.layer = Layer(**json.loads(os.environ["OPTIONS"]))
        self.post_init()

    def get_input_embeddings(self):
        return self.e
"""

BETWEEN = "\n---\n"
#: Ways to look into them.
TEXT_OF_BODIES = """\
self.q = self.p if "share" in kw else nn.Linear(4, 4)
---
self.q = self.p if kw.get("share") else nn.Linear(4, 4)
---
self.q = self.p if kw.get("share", False) else nn.Linear(4, 4)
---
self.q = self.p if kw.pop("share", False) else nn.Linear(4, 4)
---
self.q = self.p if kw else nn.Linear(4, 4)
---
self.q = self.p if len(kw) > 1 else nn.Linear(4, 4)
---
self.q = self.p if len(kw) == 2 else nn.Linear(4, 4)
---
self.q = self.p if bool(kw) else nn.Linear(4, 4)
---
self.q = self.p if not kw else nn.Linear(4, 4)
---
self.q = self.p if kw["share"] else nn.Linear(4, 4)
---
self.q = self.p if kw.setdefault("share", False) else nn.Linear(4, 4)
---
self.q = self.p if any(k == "share" for k in kw) else nn.Linear(4, 4)
---
self.q = self.p if "share" in kw.keys() else nn.Linear(4, 4)
---
self.q = self.p if "share" in list(kw) else nn.Linear(4, 4)
---
self.q = self.p if True in kw.values() else nn.Linear(4, 4)
---
self.q = self.p if dict(kw).get("share") else nn.Linear(4, 4)
---
self.q = self.p if {**kw}.get("share") else nn.Linear(4, 4)
---
self.q = self.p if {"share": False, **kw}["share"] else nn.Linear(4, 4)
---
self.q = self.p if {"share": False, **kw}.get("share") else nn.Linear(4, 4)
---
d = {"share": False}; d.update(kw); self.q = self.p if d["share"] else nn.Linear(4, 4)
---
d = {"share": False}; d.update(**kw); self.q = self.p if d["share"] else nn.Linear(4, 4)
---
d = dict(share=False); d |= kw; self.q = self.p if d["share"] else nn.Linear(4, 4)
---
d = {"share": False} | kw; self.q = self.p if d["share"] else nn.Linear(4, 4)
---
d = kw.copy(); self.q = self.p if d.get("share") else nn.Linear(4, 4)
---
self.q = nn.Linear(4, 4)
for k, v in kw.items(): setattr(self, k, v)
if getattr(self, "share", False): self.q = self.p
---
self.q = nn.Linear(4, 4)
self.__dict__.update(kw)
if getattr(self, "share", False): self.q = self.p
---
self.q = self.p if has_share(**kw) else nn.Linear(4, 4)
---
self.q = self.p if has_two(x=1, **kw) else nn.Linear(4, 4)
---
self.q = nn.Linear(4, 4)
for k in kw:
    if k == "share": self.q = self.p
---
self.q = nn.Linear(4, 4)
while kw:
    k, v = kw.popitem()
    if k == "share": self.q = self.p
---
self.q = nn.Linear(4, 4)
try: kw["share"]; self.q = self.p
except KeyError: pass
---
match kw:
    case {"share": True}: self.q = self.p
    case _: self.q = nn.Linear(4, 4)
---
self.q = self.p if sorted(kw)[-1:] == ["share"] else nn.Linear(4, 4)
---
self.q = self.p if kw == {"share": True} else nn.Linear(4, 4)
---
self.q = self.p if kw != {} else nn.Linear(4, 4)
---
self.q = self.p if set(kw) & {"share"} else nn.Linear(4, 4)
---
self.q = self.p if kw.keys() >= {"share"} else nn.Linear(4, 4)
---
self.q = self.p if {k: v for k, v in kw.items()}.get("share") else nn.Linear(4, 4)
---
self.q = self.p if kw.get("a", kw.get("share")) else nn.Linear(4, 4)
---
self.q = self.p if "".join(kw) == "share" else nn.Linear(4, 4)
---
self.q = self.p if max(kw) == "share" else nn.Linear(4, 4)
---
self.q = self.p if next(iter(kw), None) == "share" else nn.Linear(4, 4)
---
self.q = self.p if list(kw.items())[:1] == [("share", True)] else nn.Linear(4, 4)
---
self.q = self.p if str(kw) != "{}" else nn.Linear(4, 4)
---
ns = types.SimpleNamespace(**kw); self.q = self.p if getattr(ns, "share", False) else nn.Linear(4, 4)
---
d = defaultdict(bool, kw); self.q = self.p if d["share"] else nn.Linear(4, 4)
---
ns = Namespace(**kw); self.q = self.p if hasattr(ns, "share") else nn.Linear(4, 4)
---
self.q = [nn.Linear(4, 4), self.p][len(kw)]"""


@pytest.mark.parametrize("release", ERAS)
@pytest.mark.parametrize("body", TEXT_OF_BODIES.split(BETWEEN))
def test_what_hangs_on_unknown_keywords_is_unknown(body: str, release: str) -> None:
    text = MODEL.replace("BODY", body.replace("\n", "\n        "))
    assert mapped(text, "Model", release).ties is None


@pytest.mark.parametrize("release", ERAS)
@pytest.mark.parametrize(
    ("body", "shared"),
    [
        ("self.q = self.p if kw['dim'] == 4 else nn.Linear(4, 4)", True),
        ("self.q = self.p if kw.get('dim') == 4 else nn.Linear(4, 4)", True),
        ("self.q = self.p if kw.pop('dim') == 5 else nn.Linear(4, 4)", False),
        ("self.q = self.p if 'dim' in kw else nn.Linear(4, 4)", True),
        ("self.q = self.p if kw else nn.Linear(4, 4)", True),
        ("self.q = self.p if {**kw, 'share': False}['share'] else nn.Linear(4, 4)", False),
    ],
)
def test_a_keyword_beside_them_is_known(body: str, shared: bool, release: str) -> None:
    text = MODEL.replace("BODY", body).replace("Layer(**", "Layer(dim=4, **")
    assert bool(mapped(text, "Model", release).ties) is shared


#: Objects that take such keywords.
TEXT_OF_CLASSES = """\
class A:
    share = False
    def __init__(self, **kw):
        self.__dict__.update(kw)
---
class A:
    share = False
    def __init__(self, **kw):
        self.__dict__.update(**kw)
---
class A:
    share = False
    def __init__(self, **kw):
        vars(self).update(kw)
---
class A:
    share = False
    def __init__(self, **kw):
        for k, v in kw.items(): setattr(self, k, v)
---
class A:
    share = False
    def __init__(self, **kw):
        for k in kw: setattr(self, k, kw[k])
---
class A:
    share = False
    def __init__(self, **kw):
        self.__dict__ = kw
---
class A:
    share = False
    def __init__(self, **kw):
        for k in kw: self.__dict__[k] = kw[k]
---
class A:
    share = False
    def __init__(self, **kw):
        self.__dict__ |= kw
---
class A:
    share = False
    def __init__(self, **kw):
        self.share = kw.get("share", False)
---
class A:
    share = False
    def __init__(self, **kw):
        self.share = kw.pop("share", False); self.rest = kw
---
class A:
    share = False
    def __init__(self, **kw):
        [setattr(self, k, v) for k, v in kw.items()]
---
class A:
    share = False
    def __init__(self, **kw):
        object.__setattr__(self, "share", "share" in kw)
---
@dataclass
class A:
    share: bool = False
    n: int = 1
---
class A(dict):
    share = False
    def __init__(self, **kw):
        super().__init__(**kw)
        self.__dict__ = self
---
class A(dict):
    def __getattr__(self, n): return self.get(n)
---
class A(types.SimpleNamespace):
    share = False
---
class A(Namespace):
    share = False
---
class A(OrderedDict):
    @property
    def share(self): return self.get("share", False)
---
class A:
    share = False
    def __init__(self, **kw):
        self.kw = kw
    def __getattr__(self, n): return self.kw[n]
    share = property(lambda s: s.kw.get("share", False))
---
class A:
    share = False
    def __init__(self, **kw):
        self._d = dict(share=False); self._d.update(kw)
    share = property(lambda s: s._d["share"])
---
class A:
    share = False
    def __init__(self, **kw):
        self._d = {"share": False, **kw}
    share = property(lambda s: s._d["share"])
---
class A:
    share = False
    def __init__(self, **kw):
        d = ChainMap(kw, {"share": False}); self.share = d["share"]
---
class A:
    share = False
    def __init__(self, **kw):
        if "share" in kw: self.share = True
---
class A:
    share = False
    def __init__(self, **kw):
        if kw: self.share = True
---
class A:
    share = False
    def __init__(self, **kw):
        self.share = bool(kw)
---
class A:
    share = False
    def __init__(self, **kw):
        self.share = len(kw) == 1
---
def A(**kw):
    return types.SimpleNamespace(**{"share": False, **kw})
---
def A(share=False, **kw):
    return types.SimpleNamespace(share=share)
---
def A(**kw):
    n = types.SimpleNamespace(share=False)
    for k, v in kw.items(): setattr(n, k, v)
    return n
---
def A(**kw):
    n = types.SimpleNamespace(share=False)
    n.__dict__.update(kw)
    return n
---
A = lambda **kw: types.SimpleNamespace(share=kw.get("share"))
---
class A(TinyConfig):
    share = False
---
class A(TinyConfig):
    def __init__(self, share=False, **kw):
        super().__init__(**kw); self.share = share
---
class A(nn.Module):
    share = False
    def __init__(self, **kw):
        super().__init__()
        self.__dict__.update(kw)
---
class A(nn.Module):
    share = False
    def __init__(self, **kw):
        super().__init__()
        for k, v in kw.items(): setattr(self, k, v)"""
PLAIN = """
import json
import os
import types
from argparse import Namespace
from collections import ChainMap, OrderedDict
from dataclasses import dataclass

DEFINITION

class Layer(nn.Module):
    def __init__(self, a):
        super().__init__()
        self.p = nn.Linear(4, 4)
        self.q = self.p if GETTER else nn.Linear(4, 4)

class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.e = nn.Embedding(10, 4)
        self.layer = Layer(GIVEN)
        self.post_init()

    def get_input_embeddings(self):
        return self.e
"""


@pytest.mark.parametrize("getter", ["a.share", "getattr(a, 'share', False)"])
@pytest.mark.parametrize("definition", TEXT_OF_CLASSES.split(BETWEEN))
def test_an_object_may_have_got_any_attribute(definition: str, getter: str) -> None:
    given = "A(**json.loads(os.environ['OPTIONS']))"
    text = PLAIN.replace("DEFINITION", definition).replace("GIVEN", given).replace("GETTER", getter)
    assert mapped(text, "Model", "5.23.0").ties is None
