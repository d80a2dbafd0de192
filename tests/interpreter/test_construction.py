"""How classes are called: super chains, mixins, modules handed on, containers, hooks, metaclasses."""

from __future__ import annotations

import pytest

from tests.tiny_models import built, ties, weights

LINEAR = "nn.Linear(8, 8, bias=False)"

LAYER = """
class Layer(nn.Module):
    def __init__(self, x):
        super().__init__()
        self.x = x
"""

SHARED = {
    "a layer that is handed a module": (
        LAYER,
        f"self.a = {LINEAR}\nself.b = Layer(self.a).x",
    ),
    "a chain of super calls": (
        "class One(nn.Module):\n    def __init__(self, x):\n        super().__init__()\n        self.x = x\n"
        "class Two(One):\n    def __init__(self, *args, **kw):\n        super().__init__(*args, **kw)",
        f"self.a = {LINEAR}\nself.b = Two(x=self.a).x",
    ),
    "an explicit base call": (
        "class One(nn.Module):\n    def __init__(self, x):\n"
        "        nn.Module.__init__(self)\n        self.x = x\n"
        "class Two(One):\n    def __init__(self, x):\n        One.__init__(self, x)",
        f"self.a = {LINEAR}\nself.b = Two(self.a).x",
    ),
    "a mixin": (
        "class Sharing:\n    def share(self):\n        self.b = self.a\n"
        "class Both(Sharing, nn.Module):\n    pass",
        f"self.both = Both()\nself.both.a = {LINEAR}\nself.both.share()\n"
        "self.a, self.b = self.both.a, self.both.b\ndel self.both",
    ),
    "a cooperative diamond": (
        "class Top(nn.Module):\n    def __init__(self, x):\n        super().__init__()\n        self.x = x\n"
        "class Left(Top):\n    def __init__(self, x):\n        super().__init__(x)\n"
        "class Right(Top):\n    def __init__(self, x):\n        super().__init__(x)\n        self.y = x\n"
        "class Bottom(Left, Right):\n    pass",
        f"d = Bottom({LINEAR})\nself.a, self.b = d.x, d.y",
    ),
    "a static and a class method": (
        "class Maker(nn.Module):\n    made = None\n    @staticmethod\n    def same(x):\n        return x\n"
        "    @classmethod\n    def again(cls, x):\n        return cls.same(x)",
        f"self.a = {LINEAR}\nself.b = Maker.again(self.a)",
    ),
    "a property": (
        "class Holder(nn.Module):\n    @property\n    def y(self):\n        return self.x",
        f"h = Holder()\nh.x = {LINEAR}\nself.a, self.b = h.x, h.y",
    ),
    "a property with a setter": (
        "class Holder(nn.Module):\n    @property\n    def y(self):\n        return self.x\n"
        "    @y.setter\n    def y(self, value):\n        self.x = value[0]",
        f"h = Holder()\nh.y = [{LINEAR}]\nself.a, self.b = h.x, h.y",
    ),
    "__getattr__": (
        "class Wrapper(nn.Module):\n    def __init__(self, inner):\n        super().__init__()\n"
        "        self.inner = inner\n    def __getattr__(self, name):\n        try:\n"
        "            return super().__getattr__(name)\n        except AttributeError:\n"
        "            return getattr(self.inner, name)",
        f"x = nn.Module()\nx.y = {LINEAR}\nself.a, self.b = x.y, Wrapper(x).y",
    ),
    "__setattr__": (
        "class Doubling(nn.Module):\n    def __setattr__(self, name, value):\n"
        "        super().__setattr__(name, value)\n        super().__setattr__(name + name, value)",
        f"d = Doubling()\nd.x = {LINEAR}\nself.a, self.b = d.x, d.xx",
    ),
    "a class dictionary": (
        LAYER + "LAYERS = {'sdpa': Layer}\nLAYERS['eager'] = Layer",
        f"self.a = {LINEAR}\nself.b = LAYERS['eager'](self.a).x",
    ),
    "a class attribute that is a class": (
        LAYER
        + "class Maker(nn.Module):\n    kind = Layer\n    def make(self, x):\n        return self.kind(x)",
        f"self.a = {LINEAR}\nself.b = Maker().make(self.a).x",
    ),
    "a decorated function": (
        "import functools\ndef twice(function):\n    @functools.wraps(function)\n    def inner(*args):\n"
        "        return function(*args)\n    return inner\n@twice\ndef same(x):\n    return x",
        f"self.a = {LINEAR}\nself.b = same(self.a)",
    ),
    "a decorator that does something": (
        "def first(function):\n    return lambda *args: args[0]\n@first\ndef other(x):\n    return None",
        f"self.a = {LINEAR}\nself.b = other(self.a)",
    ),
    "functools.partial": (
        "import functools\ndef same(x, y):\n    return y",
        f"self.a = {LINEAR}\nself.b = functools.partial(same, None)(self.a)",
    ),
    "skip_init": (
        "from torch.nn.utils import skip_init\n" + LAYER.replace("self, x", "self, x, device=None"),
        f"self.a = {LINEAR}\nself.b = skip_init(Layer, self.a).x",
    ),
    "a namespace": (
        "from types import SimpleNamespace",
        f"x = SimpleNamespace(y={LINEAR})\nx.z = x.y\nself.a, self.b = x.y, getattr(x, 'z')",
    ),
    "a method made of a function": (
        "import types\ndef share(self, x):\n    self.b = x",
        f"self.a = {LINEAR}\ntypes.MethodType(share, self)(self.a)",
    ),
    "a class patched at module level": (
        "class Layer(nn.Module):\n    pass\ndef give(self, x):\n    return x\nLayer.give = give",
        f"self.a = {LINEAR}\nself.b = Layer().give(self.a)",
    ),
}


@pytest.mark.parametrize(("before", "init"), SHARED.values(), ids=SHARED)
def test_what_is_shared(before: str, init: str) -> None:
    assert ties(init, before=before) == weights("a", "b")


CONTAINERS = {
    "ModuleList": ("self.x = nn.ModuleList([a, a])", ("x.0", "x.1")),
    "append": ("self.x = nn.ModuleList()\nself.x.append(a)\nself.x.append(a)", ("x.0", "x.1")),
    "extend": ("self.x = nn.ModuleList([a])\nself.x.extend([a])", ("x.0", "x.1")),
    "+=": ("self.x = nn.ModuleList([a])\nself.x += [a]", ("x.0", "x.1")),
    "insert": ("self.x = nn.ModuleList([nn.Identity(), a])\nself.x.insert(0, a)", ("x.0", "x.2")),
    "a slice": ("self.x = nn.ModuleList([a, a, nn.Identity()])[:2]", ("x.0", "x.1")),
    "an item": ("self.x = nn.ModuleList([a])\nself.y = self.x[-1]", ("x.0", "y")),
    "an item that is set": ("self.x = nn.ModuleList([a, nn.Identity()])\nself.x[1] = a", ("x.0", "x.1")),
    "Sequential": ("self.x = nn.Sequential(a, nn.ReLU(), a)", ("x.0", "x.2")),
    "Sequential of a mapping": (
        "from collections import OrderedDict\nself.x = nn.Sequential(OrderedDict([('p', a), ('q', a)]))",
        ("x.p", "x.q"),
    ),
    "ModuleDict": ("self.x = nn.ModuleDict({'p': a})\nself.x['q'] = a", ("x.p", "x.q")),
    "ModuleDict.update": ("self.x = nn.ModuleDict()\nself.x.update({'p': a, 'q': a})", ("x.p", "x.q")),
    "add_module": ("self.x = nn.Module()\nself.x.add_module('p', a)\nself.y = a", ("x.p", "y")),
    "a comprehension": ("self.x = nn.ModuleList([a for _ in range(2)])", ("x.0", "x.1")),
    "a generator expression": ("self.x = nn.ModuleList(a for _ in range(2))", ("x.0", "x.1")),
    "next": (
        "parts = iter([a, nn.Identity(), a])\nself.x, _, self.y = next(parts), next(parts), next(parts)",
        ("x", "y"),
    ),
    "next of a generator expression": (
        "parts = (p for p in [a, nn.Identity(), a])\n"
        "self.x, _, self.y = next(parts), next(parts), next(parts)",
        ("x", "y"),
    ),
    "a loop over the config": (
        "self.x = nn.ModuleList()\nfor i in range(config.num_hidden_layers):\n    self.x.append(a)",
        ("x.0", "x.1"),
    ),
    "itertools.product": (
        "self.x = nn.ModuleList()\nfor i, j in itertools.product(range(2), range(1)):\n    self.x.append(a)",
        ("x.0", "x.1"),
    ),
    "zip and enumerate": (
        "self.x = nn.Module()\nfor i, (n, m) in enumerate(zip('pq', [a, a])):\n    setattr(self.x, n, m)",
        ("x.p", "x.q"),
    ),
}


@pytest.mark.parametrize(("init", "names"), CONTAINERS.values(), ids=CONTAINERS)
def test_what_containers_hold(init: str, names: tuple[str, str]) -> None:
    assert ties(f"a = {LINEAR}\n{init}") == weights(*names)


def test_equal_layers_of_a_comprehension_are_not_one() -> None:
    assert ties(f"self.x = nn.ModuleList([{LINEAR} for _ in range(3)])") == []


UNKNOWN = {
    "a metaclass": (
        "class Meta(type):\n    pass\nclass Layer(nn.Module, metaclass=Meta):\n    pass",
        "Layer()",
    ),
    "__new__": (
        "class Layer(nn.Module):\n    def __new__(cls):\n        return super().__new__(choose(cls))",
        "Layer()",
    ),
    "a foreign base": ("from somewhere import Base\nclass Layer(Base, nn.Module):\n    pass", "Layer()"),
    "a foreign class": ("from somewhere import Layer", "Layer(config)"),
    "a foreign class further in": (
        "from somewhere import Part\nclass Layer(nn.Module):\n    def __init__(self, config):\n"
        "        super().__init__()\n        self.part = Part(config)",
        "Layer(config)",
    ),
    "a foreign decorator": (
        "from somewhere import wrap\n@wrap\ndef make():\n    return nn.Identity()",
        "make()",
    ),
    "a generator of unknown items": (
        "def make(x):\n    for _ in open('x'):\n        yield x",
        f"nn.ModuleList(make({LINEAR}))",
    ),
    "a parametrization": (
        "from torch.nn.utils import parametrize",
        f"parametrize.register_parametrization({LINEAR}, 'weight', nn.Identity())",
    ),
    "torch.compile": ("", f"torch.compile({LINEAR})"),
    "an unknown layer of torch": ("", "nn.SomethingNew(8)"),
}


@pytest.mark.parametrize(("before", "made"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_cannot_be_known(before: str, made: str) -> None:
    assert ties(f"self.a = {made}", before=before) is None


HELPER = "class Made:\n    def __new__(cls, *args, **kwargs):\n        {}\n"


def test_what_new_gives_of_another_class_is_what_calling_the_class_gives() -> None:
    before = HELPER.format("return nn.Linear(*args, **kwargs)")
    assert ties("self.a = Made(4, 8)\nself.b = Made(4, 8)\nself.b.weight = self.a.weight", before=before) == [
        ["a.weight", "b.weight"]
    ]


def test_new_of_a_base_makes_the_object_of_a_class_below() -> None:
    before = HELPER.format("return cls.shared") + f"\nclass Below(Made):\n    shared = {LINEAR}\n"
    assert ties("self.a = Below()\nself.b = Below()", before=before) == weights("a", "b")


def test_what_new_gives_that_may_be_of_its_class_is_unknown() -> None:
    before = "from somewhere import find\n" + HELPER.format("return find(cls)")
    assert ties("self.a = Made()", before=before) is None


def test_a_class_attribute_hides_a_module_of_its_name() -> None:
    before = "class Holder(nn.Module):\n    x = None"
    init = f"h = Holder()\nh.x = {LINEAR}\nself.a = h\nself.b = h.x or nn.Identity()"
    assert ties(init, before=before) == []


def test_a_module_is_registered_past_a_setter() -> None:
    before = (
        "class Holder(nn.Module):\n    @property\n    def y(self):\n        return None\n"
        "    @y.setter\n    def y(self, value):\n        self.x = value"
    )
    assert ties(f"self.h = Holder()\nself.h.y = {LINEAR}\nself.b = self.h._modules['y']", before=before) == (
        weights("b", "h.y")
    )


def test_apply_of_a_function_that_assigns_is_unknown() -> None:
    before = "def tie(module):\n    module.weight = X\ndef fill(module):\n    module.weight.data.zero_()"
    assert ties(f"self.a = {LINEAR}\nself.apply(tie)", before=before) is None
    assert ties(f"self.a = {LINEAR}\nself.apply(fill)", before=before) == []


def test_apply_of_a_closure_is_done_to_every_module() -> None:
    init = f"self.a = {LINEAR}\nself.b = nn.Sequential({LINEAR})\ndef more():\n    self.b[0] = self.a\n"
    assert ties(f"{init}self.apply(lambda module: more())") == weights("a", "b.0")
    assert ties(f"{init}def do(module):\n    more()\nself.apply(do)") == weights("a", "b.0")


def test_apply_of_what_adds_a_module_meanwhile_raises() -> None:
    init = f"self.a = {LINEAR}\nself.b = self.a\nself.apply(lambda module: self.add_module('c', {LINEAR}))"
    assert built(init).construction.raised == "RuntimeError: dictionary changed size during iteration"


STORAGE = {
    "a parameter's data": ("self.b.weight.data = self.a.weight.data", False),
    "a parameter of it": ("self.b.weight = nn.Parameter(self.a.weight.detach())", False),
    "a buffer of it": ("self.register_buffer('mask', self.a.weight.data)", False),
    "a buffer that is not stored": ("self.register_buffer('m', self.a.weight.data, persistent=False)", True),
    "transposed": ("self.b.weight.data = self.a.weight.data.t()", False),
    "a copy": ("self.b.weight.data = self.a.weight.data.clone()", True),
    "filled with a copy": ("self.b.weight.data.copy_(self.a.weight.data)", True),
    "computed": ("self.b.weight.data = self.a.weight.data * 2", True),
    "what it was before": (
        "old = self.a.weight.data\nself.a.weight.data = torch.zeros(8, 8)\nself.b.weight.data = old",
        True,
    ),
    "perhaps a copy": ("self.b.weight.data = self.a.weight.data.contiguous()", None),
    "a part": ("self.b.weight.data = self.a.weight.data[:4]", None),
    "its own, perhaps a copy": ("self.b.weight.data = self.b.weight.data.float()", True),
}


@pytest.mark.parametrize(("done", "saves"), STORAGE.values(), ids=STORAGE)
def test_what_has_one_storage_ties_nothing_and_cannot_be_saved(done: str, saves: bool | None) -> None:
    found = built(f"self.a = {LINEAR}\nself.b = {LINEAR}\n{done}")
    assert (found.ties, found.saves) == ([], saves)


def test_a_copy_shares_what_the_original_shares() -> None:
    before = f"class Layer(nn.Module):\n    def __init__(self):\n        self.x = {LINEAR}"
    init = "held = nn.Module()\nheld.a = Layer()\nheld.b = held.a\nself.copy = copy.deepcopy(held)"
    assert ties(init, before=before) == [["copy.a.x.weight", "copy.b.x.weight"]]


def test_module_level_state_is_that_of_one_run() -> None:
    before = "MADE = []"
    init = f"MADE.append({LINEAR})\nself.a = nn.ModuleList(MADE)\nself.b = MADE[0]"
    assert ties(init, before=before) == weights("a.0", "b")
