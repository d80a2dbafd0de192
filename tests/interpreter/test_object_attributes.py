"""What every object has from Python is there, and known to be; what none has is not."""

from __future__ import annotations

import pytest

from tests.interpreter.in_python import holds
from tests.tiny_models import ERAS, mapped

CLASSES = {
    "plain": "class X: pass\nx = X()",
    "abstract": "import abc\nclass X(abc.ABC): pass\nx = X()",
    "dataclass": "import dataclasses\n@dataclasses.dataclass\nclass X:\n    a: int = 1\nx = X()",
    "error": "class X(Exception): pass\nx = X('a')",
    "dict": "class X(dict): pass\nx = X()",
    "ordered": "import collections\nclass X(collections.OrderedDict): pass\nx = X()",
    "namespace": "import types\nx = types.SimpleNamespace()",
    "none": "x = None",
}


@pytest.mark.parametrize("definitions", CLASSES.values(), ids=CLASSES)
@pytest.mark.parametrize("name", ["__doc__", "__eq__", "__init__", "__hash__", "__repr__", "__reduce__"])
def test_what_every_object_has(definitions: str, name: str) -> None:
    assert holds(f"x.{name}", f"hasattr(x, '{name}')", f"{definitions}\n") is True


@pytest.mark.parametrize("name", ["args", "with_traceback", "__traceback__"])
def test_what_every_error_has(name: str) -> None:
    assert holds(f"x.{name}", f"hasattr(x, '{name}')", CLASSES["error"] + "\n") is True


@pytest.mark.parametrize("name", ["__len__", "__iter__", "__getitem__", "__call__", "nothing"])
def test_what_a_plain_object_has_not(name: str) -> None:
    assert holds("pass", f"not hasattr(x, '{name}')", CLASSES["plain"] + "\n") is True


@pytest.mark.parametrize("read", ["self.__doc__", "self.__module__", "self.a.__module__", "config.__doc__"])
def test_models_layers_and_configs_have_it_too(read: str) -> None:
    text = f"""
class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.a = nn.Linear(4, 4)
        self.name = {read}
"""
    assert mapped(text, "Model", ERAS[-1]).raises is None
