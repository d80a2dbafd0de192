"""A question that changes a model gets one of its own: a copy of what is built, or another construction."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_models import CLASSIC, ERAS, FAMILY, HEAD, MAPPING
from tie_lint.interpreter.attributes import get_attr
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Instance, Module, Param
from tie_lint.intrinsics.torch import module_tree
from tie_lint.intrinsics.transformers.context import Interpreter
from tie_lint.library.index import library
from tie_lint.project.project import Project
from tie_lint.tiemap import construction, vocabulary
from tie_lint.tiemap.construction import Construction, built, changeable, construct, shared_parameters

PARTS = """
class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.proj = nn.Linear(config.hidden_size, config.hidden_size)

class Model(TinyPreTrainedModel):
    sizes = []
    def __init__(self, config):
        super().__init__(config)
        self.sizes.append(config.hidden_size)
        self.layers = nn.ModuleList([Layer(config) for _ in range(2)])
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size)
        self.other = nn.Embedding(config.vocab_size, config.hidden_size)
        self.other.weight = self.embed.weight
        self.seen = {"layers": [self.layers[0], self.layers[0]], "sizes": self.sizes}
"""


def model_class(text: str, release: str = CLASSIC, name: str = "Model") -> tuple[Interpreter, Class]:
    project = Project(library(release, installed=False))
    cls = project.file(Path("/nowhere/modeling_tiny.py"), FAMILY + text).lookup(name)
    assert isinstance(cls, Class)
    return project.interpreter, cls


def names(model: Module | None) -> list[str]:
    assert model is not None
    return [name for name, _ in module_tree.named_parameters(model)]


def constructions(monkeypatch: pytest.MonkeyPatch) -> list[Class]:
    """The classes of which a model is built from now on."""
    made: list[Class] = []
    whole = construction.construct_with

    def counted(interp: Interpreter, cls: Class, *args: object, **kwargs: object) -> Construction:
        made.append(cls)
        return whole(interp, cls, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(construction, "construct_with", counted)
    return made


def test_a_copy_is_as_another_construction_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    interp, cls = model_class(PARTS)
    kept, anew = built(interp, cls), construct(interp, cls)
    made = constructions(monkeypatch)
    copy = changeable(interp, cls)
    assert not made
    assert copy.model is not None and anew.model is not None
    assert copy.model.attrs["layers"].attrs["0"].build is not None  # it waits, as it did there
    assert shared_parameters(interp, copy)[0] == shared_parameters(interp, anew)[0]
    assert names(copy.model) == names(anew.model) == names(kept.model)
    assert [type(event) for event in copy.events] == [type(event) for event in anew.events]
    assert get_attr(interp, copy.model, "sizes") == get_attr(interp, anew.model, "sizes") == [8]


def test_a_copy_shares_nothing_with_what_it_is_of() -> None:
    interp, cls = model_class(PARTS)
    kept, copy = built(interp, cls).model, changeable(interp, cls).model
    assert kept is not None and copy is not None
    names(copy)
    ours = {id(value) for _, value in module_tree.named_parameters(copy)}
    assert ours.isdisjoint(id(value) for _, value in module_tree.named_parameters(kept))
    assert copy.attrs["config"] is not kept.attrs["config"]
    copy.attrs["embed"].attrs["weight"] = Param()
    assert kept.attrs["embed"].attrs["weight"] is kept.attrs["other"].attrs["weight"]


def test_what_is_one_object_is_one_in_the_copy() -> None:
    interp, cls = model_class(PARTS)
    copy = changeable(interp, cls).model
    assert copy is not None
    first, again = copy.attrs["seen"]["layers"]
    assert first is again is copy.attrs["layers"].attrs["0"]
    assert get_attr(interp, copy, "sizes") is copy.attrs["seen"]["sizes"]


@pytest.mark.parametrize("deferred", [False, True])
def test_a_copy_of_what_did_not_read_its_flag_has_the_one_that_is_asked_for(deferred: bool) -> None:
    interp, cls = model_class(PARTS, MAPPING)
    for tied in (True, False):
        config = changeable(interp, cls, tied, deferred).model.attrs["config"]  # type: ignore[union-attr]
        assert isinstance(config, Instance) and config.attrs["tie_word_embeddings"] is tied


@pytest.mark.parametrize("release", ERAS)
def test_what_hangs_on_the_flag_is_built_with_it(release: str) -> None:
    interp, cls = model_class(HEAD, release, "TinyForCausalLM")
    groups = [shared_parameters(interp, changeable(interp, cls, tied))[0] for tied in (True, False)]
    assert groups == [[["lm_head.weight", "model.embed_tokens.weight"]], []]


HEADLESS = """
class Whole(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.post_init()
"""
METHODS = {
    "none of its own": ("", False),
    "a getter": ("def get_output_embeddings(self): return None", True),
    "a getter of the object's": (
        "def post_init(self):\n"
        "        self.get_output_embeddings = self.get_input_embeddings\n"
        "        super().post_init()",
        True,
    ),
    "a hook": ("def _tie_weights(self): self.ties = self.config.tie_word_embeddings", True),
}


@pytest.mark.parametrize(("method", "hangs"), METHODS.values(), ids=METHODS)
def test_the_flag_makes_no_difference_to_a_model_without_a_head_to_tie(method: str, hangs: bool) -> None:
    interp, cls = model_class(f"{HEADLESS}\n    {method}\n", name="Whole")
    assert built(interp, cls).model is not None
    assert (built(interp, cls, False) is not built(interp, cls)) == hangs


OF_ITS_OWN = {
    "a flag that __init__ set in a config of its own": (
        "inner = copy.deepcopy(config)\n        inner.tie_word_embeddings = True\n        self.inner = inner"
    ),
    "a function that holds the model": "self.undo = lambda: self",
    "a method with an argument": "self.undo = functools.partial(self.init_weights)",
    "a class that is made there": (
        "class Part(nn.Module):\n            whole = self\n        self.part = Part()"
    ),
    "a name of the module": "global KEPT\n        KEPT = 1",
}


@pytest.mark.parametrize("init", OF_ITS_OWN.values(), ids=OF_ITS_OWN)
def test_what_cannot_be_copied_is_built_again(init: str, monkeypatch: pytest.MonkeyPatch) -> None:
    interp, cls = model_class(f"import functools\n{PARTS}        {init}\n")
    built(interp, cls)
    made = constructions(monkeypatch)
    assert changeable(interp, cls, False).model is not None
    assert made == [cls]


def test_what_cannot_be_built_is_not_built_again(monkeypatch: pytest.MonkeyPatch) -> None:
    interp, cls = model_class(f"{PARTS}        raise ValueError('no')\n")
    kept = built(interp, cls)
    made = constructions(monkeypatch)
    assert changeable(interp, cls).raised == kept.raised == "ValueError: no"
    assert not made


def test_where_the_sizes_of_a_model_are_not_known_no_larger_one_is_built(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    interp, cls = model_class(PARTS)
    model = built(interp, cls).model
    assert model is not None
    made = constructions(monkeypatch)
    monkeypatch.setattr(vocabulary, "construct_with", construction.construct_with)
    monkeypatch.setattr(vocabulary, "_sizes", lambda interp, model: None)
    assert vocabulary.vocabulary(interp, cls, model) is None
    assert not made
