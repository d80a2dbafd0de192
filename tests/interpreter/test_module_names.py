"""Module-level names: what they are bound to, and what the world outside is taken to be."""

from __future__ import annotations

import pytest

from tests.tiny_models import CLASSIC, MAPPING, ties, weights

LINEAR = "nn.Linear(8, 8, bias=False)"

DECIDED = {
    "a name bound to None": ("kernel = None", "kernel is None"),
    "None behind a function": (
        "GROUP = None\ndef is_initialized():\n    return GROUP is not None",
        "not is_initialized()",
    ),
    "a package that a model can count on": (
        "import importlib.util\nHAS = importlib.util.find_spec('torch') is not None",
        "HAS",
    ),
    "a variable of the environment": ("import os", "os.getenv('FUSED') is None"),
    "a variable of the environment with a default": (
        "import os",
        "os.environ.get('FUSED', '1') == '1' and int(os.getenv('LAYERS', 3)) == 3",
    ),
}


@pytest.mark.parametrize(("before", "test"), DECIDED.values(), ids=DECIDED)
def test_a_condition_on_a_name_is_decided(before: str, test: str) -> None:
    init = f"self.a = {LINEAR}\nif {test}:\n    self.b = self.a"
    assert ties(init, before=before) == weights("a", "b")


@pytest.mark.parametrize(
    "value",
    ["contextvars.ContextVar('x', default=None)", "threading.Lock()", "json.loads('{}')", "time.time()"],
)
def test_what_the_standard_library_hands_out_is_no_module(value: str) -> None:
    before = f"import {value.partition('.')[0]}"
    assert ties(f"self.a = {LINEAR}\nself.b = self.a\nself.c = {value}", before=before) == weights("a", "b")


def test_what_an_imported_module_hands_out_may_be_a_module() -> None:
    init = f"self.a = {LINEAR}\nself.b = importlib.import_module('x').Model(config)"
    assert ties(init, before="import importlib") is None


OPTIONAL = """
try:
    from a_package_that_nobody_has import kernel, Norm
    HAS_KERNEL = True
except ImportError:
    kernel, HAS_KERNEL = None, False
    class Norm(nn.Module):
        def __init__(self, size):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(size))

class Sharing(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.a = nn.Linear(8, 8, bias=False)
        self.b = self.a

class Plain(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.a = nn.Linear(8, 8, bias=False)

def guarded(skipped):
    def decorate(fn):
        left_out = set(skipped)
        def wrapper(*args):
            return fn(*args) if left_out else None
        return wrapper
    return decorate

@guarded(["x"])
def slow_kernel(x):
    return x

def handing_out(x):
    def get():
        return x
    return get

PLAIN = {True: Plain, False: nn.Identity}
SHARING = {True: Plain, False: Sharing}
"""
EITHER_WAY = {
    "an error where it is missing": "if kernel is None:\n    raise ImportError('no kernel')",
    "a class of the package, or one of the file": "self.norm = Norm(8)",
    "a function that is kept": "self.kernel = kernel",
    "a function that a decorator wraps": (
        "if HAS_KERNEL:\n    self.f = kernel\nelse:\n    self.f = slow_kernel"
    ),
    "a name that is imported in a branch": (
        "if kernel is None:\n    from math import sqrt as used\nelse:\n    used = kernel\nself.kernel = used"
    ),
    "a word": "way = 'fast'\nif kernel is None:\n    way = 'slow'\nself.way = way",
    "a class by name": "self.c = PLAIN[HAS_KERNEL](config)",
    "an import in a function": (
        "try:\n    import a_package_that_nobody_has\n    self.fast = True\n"
        "except ImportError:\n    self.fast = False"
    ),
}


@pytest.mark.parametrize("init", EITHER_WAY.values(), ids=EITHER_WAY)
def test_what_is_so_with_an_optional_package_and_without_is_known(init: str) -> None:
    assert ties(f"self.a = {LINEAR}\nself.b = self.a\n{init}", before=OPTIONAL) == weights("a", "b")


ONE_WAY = {
    "a look for it": (
        "import importlib.util\nif importlib.util.find_spec('nobody_has') is None:\n    self.b = self.a"
    ),
    "a tie": "if HAS_KERNEL:\n    self.b = self.a",
    "a class by name that shares": "self.c = SHARING[HAS_KERNEL](config)",
    "a class by name that is given a module": "self.c = PLAIN[HAS_KERNEL](self.a)",
    "a function that has a module around it": (
        "x, y = handing_out(self.a), kernel\nif HAS_KERNEL:\n    y = x\nself.b = y()"
    ),
    "a name that is given what another stands for": (
        "x = y = None\nif HAS_KERNEL:\n    x = self.a\n    y = x\nself.b = y"
    ),
    "a name that is given what a place holds": (
        "self.x = y = None\nif HAS_KERNEL:\n    self.x = self.a\n    y = self.x\nself.b = y"
    ),
    "a name that is given a module after it was kept": (
        "y = None\nfor x in (1, 2):\n    self.b = y\n    if HAS_KERNEL:\n        y = self.a"
    ),
}


@pytest.mark.parametrize("init", ONE_WAY.values(), ids=ONE_WAY)
def test_what_hangs_on_an_optional_package_is_unknown(init: str) -> None:
    assert ties(f"self.a = {LINEAR}\n{init}", before=OPTIONAL) is None


def test_a_name_that_nothing_binds_is_unknown() -> None:
    assert ties(f"self.a = {LINEAR}\nif kernel is None:\n    self.b = self.a") is None


VERSIONS = [
    "import transformers\nNEW = version.parse(transformers.__version__) >= version.parse('5.0')",
    "import transformers\nNEW = version.parse(transformers.__version__).major >= 5",
    "import transformers\nNEW = transformers.__version__.startswith('5.')",
    "import transformers\nNEW = int(transformers.__version__.split('.')[0]) > 4",
    (
        "import importlib.metadata\nimport operator\nSIGNS = {'>=': operator.ge}\n"
        "FOUND = version.parse(version.parse(importlib.metadata.version('transformers')).base_version)\n"
        "NEW = SIGNS['>='](FOUND, version.parse('5.0'))"
    ),
    "from transformers import __version__\nNEW = version.parse(__version__) > version.parse('4.60')",
]


@pytest.mark.parametrize("before", VERSIONS)
def test_the_release_is_the_target(before: str) -> None:
    init = f"self.a = {LINEAR}\nif NEW:\n    self.b = self.a"
    methods = "_tied_weights_keys = {}"
    before = f"from packaging import version\n{before}"
    assert ties(init, before=before, methods=methods, release=MAPPING) == weights("a", "b")
    assert ties(init, before=before, methods=methods, release=CLASSIC) == []
