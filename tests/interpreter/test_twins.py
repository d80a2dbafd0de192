"""Modules that are made as others were built are what they would be if they were built."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tiny_models import FAMILY, MAPPING
from tie_lint.interpreter import twins
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.twins import Pending, _Twin
from tie_lint.interpreter.values import Instance, Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.library.index import library
from tie_lint.project.project import Project
from tie_lint.tiemap.construction import construct


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the classes whose modules were made as others were built."""
    names: list[str] = []
    make = _Twin.make

    def noted(self: _Twin, pending: Pending, module: Module, found: list[Instance]) -> None:
        names.append(pending.cls.leaf)
        make(self, pending, module, found)

    monkeypatch.setattr(_Twin, "make", noted)
    return names


def trees(text: str) -> list[Any]:
    """Build every model class of a module that follows the family, again and again; say what is in them."""
    project = Project(library(MAPPING, installed=False))
    scope = project.file(Path("/nowhere/modeling_tiny.py"), FAMILY + text)
    classes = [cls for cls in scope.classes() if cls.leaf.startswith("Model")]
    again = [*classes, *reversed(classes)]
    return [_tree(construct(project.interpreter, cls, tied)) for cls in again for tied in (None, False)]


def _tree(built: Any) -> Any:
    """Say all there is to a construction; what is one object has one number."""
    numbers: dict[int, int] = {}
    kept: list[Any] = []

    def said(value: Any) -> Any:
        if isinstance(value, (int, str, float, Class, type(None))):
            return value
        kept.append(value)
        number = numbers.setdefault(id(value), len(numbers))
        if isinstance(value, (list, tuple)):
            return number, [said(item) for item in value]
        return number, type(value).__name__, getattr(value, "shape", None)

    def parts() -> Iterator[Any]:
        for name, module in module_tree.named_modules(built.model):
            yield name, module.cls.name, {key: said(value) for key, value in module.attrs.items()}

    events = [(event.holder.cls.name, event.name) for event in built.events if hasattr(event, "holder")]
    return built.error, [*parts()], [cause.text for cause in built.doubts], events, built.flag_read


LAYER = """
class Layer(nn.Module):
    def __init__(self, config, number=0):
        super().__init__()
        {body}
        self.made = nn.Linear(config.hidden_size, 4, bias=False)

class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        {before}
        self.layers = nn.ModuleList([Layer(config) for _ in range(3)])
        {after}
        self.post_init()
"""


def text(body: str = "pass", before: str = "pass", after: str = "pass", above: str = "") -> str:
    return above + LAYER.format(body=body, before=before, after=after)


MORE = """
class ModelOfMore(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.layer = Layer(config)
        self.post_init()
"""

ALIKE = {
    "plain values": text("self.a, self.b = config.hidden_size * 2, [1] == [1]"),
    "its config": text("self.config = config"),
    "a list of its config": text("self.sizes = config.sizes", "config.sizes = [1, 2]"),
    "a layer inside": text("self.inner = nn.Sequential(nn.Linear(2, 2), nn.ReLU())"),
    "a layer that waits inside": text(
        "self.inner = Inner(config)",
        above="class Inner(nn.Module):\n    def __init__(self, config):\n        super().__init__()\n"
        "        self.x = nn.Linear(config.hidden_size, 2)\n",
    ),
    "a buffer": text("self.register_buffer('b', torch.zeros(3))"),
    "a copy of its config": text("self.size = copy.copy(config).hidden_size"),
    "a table of the module": text("self.size = SIZES['a']", above="SIZES = {'a': 3}\n"),
    "a table of the class": text("self.size = self.sizes[0]").replace(
        "(nn.Module):\n", "(nn.Module):\n    sizes = [3]\n", 1
    ),
}


@pytest.mark.parametrize("case", ALIKE.values(), ids=ALIKE)
def test_equal_layers_are_twins(case: str, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = trees(case)
    assert made.count("Layer") >= 4
    monkeypatch.setattr(Pending, "__call__", Pending.build)
    assert found == trees(case)


DIFFERENT = {
    "what the config says now": (
        text("self.x = nn.Linear(config.depth, 2)", "config.depth = 2", "config.depth = 3\n        "
             "self.more = Layer(config)\n        config.depth = 4\n        self.last = Layer(config)"),
    ),
    "the item of a list of the config": (
        text("self.x = nn.Linear(config.depths[0], 2)", "config.depths = [2]",
             "self.layers[0].made\n        config.depths[0] = 3\n        self.more = Layer(config)"),
    ),
    "its number": (
        text("self.x = nn.Linear(2 + number, 2)", after="self.more = nn.ModuleList([Layer(config, number) "
             "for number in range(3)])"),
    ),
    "a table that the model changes": (
        text("self.x = nn.Linear(SIZES['a'], 2)", "SIZES['a'] = 5", above="SIZES = {'a': 3}\n")
        + MORE,
    ),
    "a number that the model binds anew": (
        text("self.x = nn.Linear(SIZE, 2)", "self.bind()", above="SIZE = 3\n").replace(
            "        self.post_init()",
            "        self.post_init()\n\n    def bind(self):\n        global SIZE\n        SIZE = 5\n")
        + MORE,
    ),
    "an attribute that the model gives the class": (
        text("self.x = nn.Linear(self.size, 2)", "Layer.size = 5").replace(
            "(nn.Module):\n", "(nn.Module):\n    size = 3\n", 1)
        + MORE,
    ),
    "a list of the class that the model changes": (
        text("self.x = nn.Linear(self.sizes[0], 2)", "Layer.sizes[0] = 5").replace(
            "(nn.Module):\n", "(nn.Module):\n    sizes = [3]\n", 1)
        + MORE,
    ),
    "what a function keeps and the model changes": (
        text("self.x = nn.Linear(get(), 2)", "put(5)", above="def holding():\n    kept = [3]\n"
             "    def get():\n        return kept[0]\n    def put(size):\n        kept[0] = size\n"
             "    return get, put\nget, put = holding()\n")
        + MORE,
    ),
    "a default that the model changes": (
        text("self.x = nn.Linear(sizes()[0], 2)", "sizes()[0] = 5",
             above="def sizes(kept=[3]):\n    return kept\n")
        + MORE,
    ),
    "which of two configs is meant": (
        "class Layer(nn.Module):\n    def __init__(self, one, two):\n        super().__init__()\n"
        "        self.x = nn.Linear(one.size, two.size)\n"
        "class Model(TinyPreTrainedModel):\n    def __init__(self, config):\n"
        "        super().__init__(config)\n        other = copy.copy(config)\n"
        "        config.size, other.size = 2, 3\n"
        "        self.a, self.b, self.c = Layer(config, config), Layer(config, other), Layer(other, other)\n"
        "        self.post_init()\n",
    ),
    "a registry": (
        text("MADE.append(self)\n        self.x = nn.Linear(len(MADE), 2)", above="MADE = []\n"),
    ),
    "a counter": (
        text("Layer.count += 1\n        self.x = nn.Linear(Layer.count, 2)").replace(
            "(nn.Module):\n", "(nn.Module):\n    count = 0\n", 1),
    ),
    "a function that counts": (
        text("self.x = nn.Linear(count(), 2)", above="def counting():\n    number = 0\n    def count():\n"
             "        nonlocal number\n        number += 1\n        return number\n    return count\n"
             "count = counting()\n"),
    ),
    "a default that is filled": (
        text("self.x = nn.Linear(len(seen(number)), 2)",
             above="def seen(number, known=[]):\n    known.append(number)\n    return known\n"),
    ),
    "a module that all share": (
        text("self.shared = SHARED", above="SHARED = nn.Linear(8, 8)\n"),
    ),
    "a parameter that it is given": (
        text("self.shared = number", after="weight = nn.Parameter(torch.zeros(8, 4))\n        "
             "self.more = nn.ModuleList([Layer(config, weight), Layer(config, weight)])"),
    ),
    "the flag": (
        text("self.x = nn.Linear(2 + getattr(config, 'tie_word_' + 'embeddings'), 2)",
             after="self.layers[0].x, self.layers[1].x"),
    ),
    "all that its config holds": (
        text("self.x = nn.Linear(len([v for v in vars(config).values() if v is True]) + 1, 2)"),
    ),
    "a function of its own": (
        text("self.activate = lambda x: self.made(x)"),
    ),
    "a list of its own": (
        text("self.sizes = [config.hidden_size]", after="self.layers[0].sizes.append(3)"),
    ),
    "an error": (text("raise ValueError(config.hidden_size)"),),
}  # fmt: skip


@pytest.mark.parametrize("case", [case for (case,) in DIFFERENT.values()], ids=DIFFERENT)
def test_what_makes_a_difference_makes_one(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = trees(case)
    monkeypatch.setattr(Pending, "__call__", Pending.build)
    assert found == trees(case)


def model_of(text: str, project: Project | None = None) -> Module:
    """Build the model of a module that follows the family."""
    project = project or Project(library(MAPPING, installed=False))
    cls = project.file(Path("/nowhere/modeling_tiny.py"), FAMILY + text).lookup("Model")
    assert isinstance(cls, Class)
    model = construct(project.interpreter, cls).model
    assert model is not None
    return model


def test_twins_have_parameters_of_their_own(made: list[str]) -> None:
    model = model_of(text())
    found = [param for _, param in module_tree.named_parameters(model)]
    assert made == ["Layer", "Layer"]
    assert len({id(param) for param in found}) == len(found) == 3
    assert all(isinstance(param, Param) for param in found)


def test_what_is_looked_into_is_a_matter_of_each_twin() -> None:
    """What one is tied to, or was changed to, is not what the next one gets."""
    case = text(after="self.layers[1].made.weight = self.layers[0].made.weight")
    tree = trees(case)[0][1]
    numbers = [attrs["weight"][0] for name, _, attrs in tree if name.endswith("made")]
    assert numbers[0] == numbers[1] != numbers[2]


def test_nobody_goes_on_noting_what_no_other_reads() -> None:
    """Layers that are all different cost what building them costs, but for the first."""
    project = Project(library(MAPPING, installed=False))
    model = model_of(
        text(after="self.more = nn.ModuleList([Layer(config, number) for number in range(300)])"), project
    )
    assert len([*module_tree.named_modules(model)]) > 600
    noted = sum(kin.in_vain for kin in project.interpreter.twins.values())
    assert twins.MOST_IN_VAIN <= noted < twins.MOST_IN_VAIN + 8
