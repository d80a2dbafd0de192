"""What building a model raises is known where nothing that is unknown, or not installed, bears on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.truth.records import load
from tests.tiny_models import CLASSIC, ERAS, FAMILY, HEAD, MAPPING, mapped, seen
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.values import Module
from tie_lint.library.index import library
from tie_lint.project.project import Project
from tie_lint.tiemap.construction import construct
from tie_lint.tiemap.tie_map import TieMap, tie_map

NAME = "TinyForCausalLM"
#: What is raised where something is not installed; and by a config, around the error of its own.
NOT_ITS_OWN = ("ImportError", "StrictDataclassClassValidationError")
HELD = "        self.model = "
PART = """\
from torch import nn


class Part(nn.Module):
    def __init__(self, config):
        super().__init__()
        BODY


"""


def built(init: str, part: str = "pass", release: str = MAPPING, before: str = "") -> TieMap:
    """A model whose ``__init__`` does some more at its beginning."""
    text = HEAD.replace(HELD, "".join(f"        {line}\n" for line in init.split("\n")) + HELD)
    assert text != HEAD
    return mapped(before + PART.replace("BODY", part) + text, NAME, release)


def test_a_list_of_keys_cannot_be_tied_by_mapping() -> None:
    keys = HEAD.index("_tied_weights_keys"), HEAD.index("}", HEAD.index("_tied_weights_keys")) + 1
    text = HEAD.replace(HEAD[slice(*keys)], '_tied_weights_keys = ["lm_head.weight"]')
    assert mapped(text, NAME, CLASSIC).raises is None
    found = mapped(text, NAME, MAPPING)
    assert found.raises is not None
    assert found.raises.text == "AttributeError: 'list' object has no attribute 'keys'"
    assert found.raises_if_tied == found.raises
    assert all(map(found.is_known, ("input_embeddings", "ties", "ties_if_tied", "saves")))


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("assert config is None", "AssertionError: "),
        ("assert config is None, 'no config is taken'", "AssertionError: no config is taken"),
        ("assert config is None, f'not {type(config).__name__}'", "AssertionError: not TinyConfig"),
    ],
)
def test_an_assertion_that_fails_says_its_message(statement: str, text: str) -> None:
    found = built(statement)
    assert found.raises is not None
    assert found.raises.text == text


@pytest.mark.parametrize("release", ERAS)
def test_a_part_that_is_built_late_raises_when_the_model_is_built(release: str) -> None:
    shared = "self.a = nn.Linear(2, 2)\n        self.b = self.a\n        {}['default']"
    found = built("self.part = Part(config)", shared, release)
    assert found.raises is not None
    assert found.raises.text == "KeyError: 'default'"


@pytest.mark.parametrize(
    ("init", "part"),
    [
        ("import acme\nacme.tie(self.register_forward_hook, self)\n{}['default']", "pass"),
        ("raise ImportError('no kernels')", "pass"),
        ("import acme\nself.a = {}['default'] if acme.fast() else None", "pass"),
        ("import acme\nself.a = acme.fast() or {}['default']", "pass"),
        ("import acme\nself.part = Part(config) if acme.fast() else None", "{}['default']"),
        ("try:\n    self.part = Part(config)\nexcept KeyError:\n    self.part = None", "{}['default']"),
        ("import contextlib\nwith contextlib.suppress(KeyError):\n    {}['default']", "pass"),
        ("kernel = None\nkernel(config)", "pass"),
        ("for _ in range(config.rounds):\n    {}['default']", "pass"),
    ],
    ids=[
        "unread code",
        "not installed",
        "one of two",
        "the second",
        "a part or none",
        "held back later",
        "held back",
        "no kernel",
        "no round",
    ],
)
def test_an_error_that_may_not_come_is_not_certain(init: str, part: str) -> None:
    found = built(init, f"self.a = nn.Linear(2, 2)\n        self.b = self.a\n        {part}")
    assert (found.raises, found.raises_if_tied) == (None, None)


def test_the_flag_decides_whether_it_raises() -> None:
    found = built("if config.tie_word_embeddings:\n    raise ValueError('never')\nself.config = config")
    assert found.raises_if_tied is not None
    assert not found.is_known("base_model_prefix") or found.base_model_prefix == "model"


@pytest.mark.parametrize("release", [CLASSIC, MAPPING])
def test_a_class_of_the_library_raises_what_it_is_said_to_raise(release: str) -> None:
    project = Project(library(release, installed=False))
    raised = {}
    for truth in load(release):
        scope = None if truth.built else project.module(truth.module)
        cls = None if scope is None else scope.lookup(truth.class_name)
        if isinstance(cls, Class) and truth.error is not None:
            said = tie_map(project.interpreter, cls).raises
            if said is not None and not truth.error.startswith(NOT_ITS_OWN):
                raised[truth.class_name] = said.text.partition(":")[0], truth.error.partition(":")[0]
    assert len(raised) > 20
    assert {name: kinds for name, kinds in raised.items() if len(set(kinds)) > 1} == {}


DOUBTFUL = (
    FAMILY
    + """
def tuple_of(x, least):
    x = [x]
    x.extend(itertools.nothing(x, least))
    return tuple(x)

class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.Linear(8, 8, bias=tuple_of(False, 3)[2])

class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.layer = Layer()
        self.post_init()
"""
)


def test_what_is_built_in_a_later_run_and_hangs_on_a_doubt_is_not_certain_to_raise() -> None:
    """What the list is given is not followed, so that the tuple seems to be too short."""
    project = Project(library("4.51.3", installed=False))
    cls = project.file(Path("/nowhere/modeling_tiny.py"), DOUBTFUL).lookup("Model")
    assert isinstance(cls, Class)
    found = construct(project.interpreter, cls)
    project.interpreter.fresh()
    assert found.model is not None
    layer = found.model.attrs["layer"]
    assert isinstance(layer, Module) and layer.build is not None
    assert layer.attrs.keys() == set() and layer.opaque is not None
    assert found.late_errors == []


TOLD = """
class ToldConfig(PretrainedConfig):
    def __init__(self, PARAMETERS):
        super().__init__()
        RAISES
        self.vocab_size = self.hidden_size = 8

class ToldModel(PreTrainedModel):
    config_class = ToldConfig

    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def tie_weights(self):
        pass  # 5.x calls it with arguments

    def forward(self, ids):
        return self.embed_tokens(ids)
"""


@pytest.mark.parametrize(
    ("parameters", "raises", "certain"),
    [
        ("**kwargs", "if 'decoder' not in kwargs: raise ValueError('told')", False),
        ("decoder=None", "if decoder is None: raise ValueError('told')", False),
        ("decoder=None", "raise ValueError('told')", True),
        ("**kwargs", "assert False", True),
    ],
)
def test_a_config_that_has_to_be_told_something_can_be_made(
    parameters: str, raises: str, certain: bool
) -> None:
    text = TOLD.replace("PARAMETERS", parameters).replace("RAISES", raises)
    assert seen(FAMILY + text, "ToldModel", MAPPING).failures.is_certain is certain
