"""Statements of ``__init__``: assignments, loops, deletions, exceptions."""

from __future__ import annotations

import pytest

from tests.tiny_models import built, ties, weights

LINEAR = "nn.Linear(8, 8, bias=False)"

SHARED = {
    "one module under two names": f"self.a = {LINEAR}\nself.b = self.a",
    "two targets": f"self.a = self.b = {LINEAR}",
    "through a local": f"x = {LINEAR}\nself.a = x\nself.b = x",
    "an assignment across": f"self.a = {LINEAR}\nself.b = {LINEAR}\nself.b.weight = self.a.weight",
    "unpacked": f"x = {LINEAR}\nself.a, self.b = x, x",
    "unpacked from a star": f"x = {LINEAR}\nself.a, *rest = [x, x]\nself.b = rest[0]",
    "setattr and getattr": f"setattr(self, 'a', {LINEAR})\nsetattr(self, 'b', getattr(self, 'a'))",
    "a loop over names": f"x = {LINEAR}\nfor name in ('a', 'b'):\n    setattr(self, name, x)",
    "a while loop": f"x = {LINEAR}\nn = 0\nwhile n < 2:\n    setattr(self, 'ab'[n], x)\n    n += 1",
    "an annotated target": f"self.a: nn.Module = {LINEAR}\nself.b: nn.Module = self.a",
    "a walrus": f"self.a = (x := {LINEAR})\nself.b = x",
    "with": f"with torch.no_grad():\n    self.a = {LINEAR}\n    self.b = self.a",
    "try": f"try:\n    self.a = {LINEAR}\n    self.b = self.a\nexcept ValueError:\n    pass",
    "a handler": (
        f"self.a = {LINEAR}\ntry:\n    raise KeyError('x')\nexcept LookupError:\n    self.b = self.a"
    ),
    "finally": f"self.a = {LINEAR}\ntry:\n    pass\nfinally:\n    self.b = self.a",
    "a nested function": f"def make(x):\n    self.b = x\nself.a = {LINEAR}\nmake(self.a)",
    "a class around a local name": (
        f"x = {LINEAR}\nclass A:\n    y = x\nx = {LINEAR}\nself.a, self.b = A.y, A().y"
    ),
    "a class attribute set to what it is": (
        f"type(self).base_model_prefix = 'model'\nModel.base_model_prefix = 'model'\n"
        f"self.a = {LINEAR}\nself.b = self.a"
    ),
    "a closure": f"x = {LINEAR}\ndef make():\n    return x\nself.a, self.b = make(), make()",
    "a default argument": f"def make(x={LINEAR}):\n    return x\nself.a, self.b = make(), make()",
    "a lambda": f"x = {LINEAR}\nmake = lambda: x\nself.a, self.b = make(), make()",
    "_modules": f"self.a = {LINEAR}\nself._modules['b'] = self.a",
    "register_module": f"self.a = {LINEAR}\nself.register_module('b', self.a)",
    "register_parameter": (
        f"self.a = {LINEAR}\nself.b = nn.Module()\nself.b.register_parameter('weight', self.a.weight)"
    ),
}


@pytest.mark.parametrize("init", SHARED.values(), ids=SHARED)
def test_what_is_shared(init: str) -> None:
    assert ties(init) == weights("a", "b")


NOT_SHARED = {
    "two modules": f"self.a = {LINEAR}\nself.b = {LINEAR}",
    "a deleted name": f"self.a = {LINEAR}\nself.b = self.a\ndel self.b",
    "its own __delattr__": f"self.a = {LINEAR}\nself.b = self.a\nself.__delattr__('b')",
    "delattr": f"self.a = {LINEAR}\nself.b = self.a\ndelattr(self, 'a')",
    "overwritten": f"self.a = {LINEAR}\nself.b = self.a\nself.b = {LINEAR}",
    "a new parameter of the same data": (
        f"self.a = {LINEAR}\nself.b = nn.Module()\nself.b.weight = nn.Parameter(self.a.weight.clone())"
    ),
    "a deep copy": f"self.a = {LINEAR}\nself.b = copy.deepcopy(self.a)",
    "a loop that breaks": (
        f"self.a = {LINEAR}\nfor name in ('b', 'c'):\n    break\nelse:\n    self.b = self.a"
    ),
    "hidden from the module tree": f"self.a = {LINEAR}\nobject.__setattr__(self, 'b', self.a)",
    "in a plain list": f"self.a = {LINEAR}\nself.b = [self.a]",
}


@pytest.mark.parametrize("init", NOT_SHARED.values(), ids=NOT_SHARED)
def test_what_is_not_shared(init: str) -> None:
    assert ties(init) == []


UNKNOWN = {
    "a decorated nested class": "@registered\nclass A(nn.Module):\n    pass\nself.a = A()",
    "an unknown loop": f"self.a = {LINEAR}\nfor name in input().split():\n    setattr(self, name, self.a)",
    "an unknown name": f"self.a = {LINEAR}\nsetattr(self, input(), self.a)",
    "a module given away": f"import somewhere\nself.a = {LINEAR}\nsomewhere.tie(self.a)",
    "self given away": f"import somewhere\nself.a = {LINEAR}\nsomewhere.tie(self)",
    "modules given away in a list": f"import somewhere\nself.a = {LINEAR}\nsomewhere.tie([self.a])",
    "a bound method given away": f"import somewhere\nself.a = {LINEAR}\nsomewhere.tie(self.a.forward)",
    "a class changed while running": "TinyPreTrainedModel.something = 1",
    "a generator that sees self": f"self.a = {LINEAR}\nself.b = next(self.parts())",
}
METHODS = """
def parts(self):
    for _ in open("x"):
        yield self.a
"""


@pytest.mark.parametrize("init", UNKNOWN.values(), ids=UNKNOWN)
def test_what_cannot_be_known(init: str) -> None:
    assert ties(init, methods=METHODS) is None


def test_an_import_whose_failure_is_provided_for_may_fail() -> None:
    init = f"""
self.a = {LINEAR}
try:
    import a_package_that_nobody_has
    self.b = BODY
except ImportError:
    self.b = self.a
"""
    assert ties(init.replace("BODY", LINEAR)) is None
    assert ties(init.replace("BODY", LINEAR).replace("a_package_that_nobody_has", "json")) == []


RAISES = {
    "an attribute of None": ("self.a = None\nself.a.weight = 1", "AttributeError"),
    "an attribute of a number": ("x = 1\nx.weight = 1", "AttributeError"),
    "one keyword twice": ("more = {'bias': True}\nself.a = nn.Linear(8, 8, bias=False, **more)", "TypeError"),
}


@pytest.mark.parametrize(("init", "kind"), RAISES.values(), ids=RAISES)
def test_what_raises(init: str, kind: str) -> None:
    assert (built(init).construction.raised or "").startswith(f"{kind}: ")


def test_a_missing_attribute_of_a_config_is_missing_where_code_provides_for_it() -> None:
    tried = "try:\n    self.b = nn.Linear(8, config.absent)\nexcept AttributeError:\n    self.b = self.a"
    init = f"self.a = {LINEAR}\n{tried}"
    assert ties(init) == weights("a", "b")
    assert ties(init.replace("AttributeError", "KeyError")) == []
