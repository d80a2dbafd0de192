"""Module-level names: what they are bound to, and what the world outside is taken to be."""

from __future__ import annotations

import pytest

from tests.tiny_models import CLASSIC, MAPPING, ties, weights

LINEAR = "nn.Linear(8, 8, bias=False)"

DECIDED = {
    "a name bound to None": ("kernel = None", "kernel is None"),
    "a name that becomes None where an import fails": (
        "try:\n    from a_package_that_nobody_has import kernel\nexcept ImportError:\n    kernel = None",
        "kernel is None",
    ),
    "None behind a function": (
        "GROUP = None\ndef is_initialized():\n    return GROUP is not None",
        "not is_initialized()",
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


def test_a_name_that_nothing_binds_is_unknown() -> None:
    assert ties(f"self.a = {LINEAR}\nif kernel is None:\n    self.b = self.a") is None


VERSIONS = [
    "import transformers\nNEW = version.parse(transformers.__version__) >= version.parse('5.0')",
    "import transformers\nNEW = version.parse(transformers.__version__).major >= 5",
    "import transformers\nNEW = transformers.__version__.startswith('5.')",
    "import transformers\nNEW = int(transformers.__version__.split('.')[0]) > 4",
    "from transformers import __version__\nNEW = version.parse(__version__) > version.parse('4.60')",
]


@pytest.mark.parametrize("before", VERSIONS)
def test_the_release_is_the_target(before: str) -> None:
    init = f"self.a = {LINEAR}\nif NEW:\n    self.b = self.a"
    methods = "_tied_weights_keys = {}"
    before = f"from packaging import version\n{before}"
    assert ties(init, before=before, methods=methods, release=MAPPING) == weights("a", "b")
    assert ties(init, before=before, methods=methods, release=CLASSIC) == []
