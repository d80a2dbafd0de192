"""Copies keep their shape and tell of changes; a default config is made once and never shared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tiny_models import FAMILY, MAPPING
from tie_lint.interpreter.base_values import External, Unknown
from tie_lint.interpreter.snapshot import UncopyableError, copy_of, unchanged
from tie_lint.interpreter.values import Instance, Module
from tie_lint.intrinsics.transformers.default_config import default_config
from tie_lint.library.index import library
from tie_lint.project.project import Project
from tie_lint.tiemap.construction import construct


def test_a_copy_keeps_what_is_one_object() -> None:
    inner = [1, 2]
    copy = copy_of({"one": inner, "two": (inner, "text")}, {})
    assert copy == {"one": [1, 2], "two": ([1, 2], "text")}
    assert copy["one"] is not inner
    assert copy["two"][0] is copy["one"]


def test_a_copy_may_hold_itself() -> None:
    loop: list[object] = []
    loop.append(loop)
    copy = copy_of(loop, {})
    assert copy is not loop
    assert copy[0] is copy


@pytest.mark.parametrize(
    "kind", [lambda one: (one, one), lambda one: [one, one], lambda one: {1: one, 2: one}]
)
def test_what_is_held_in_many_places_is_looked_at_once(kind: Callable[[object], object]) -> None:
    value: object = [1]
    for _ in range(90):  # who looked at each place would never end
        value = kind(value)
    assert unchanged(value, copy_of(value, {}))


def test_a_tuple_that_nothing_can_change_stands_for_itself() -> None:
    value = (1, ("text", (None,)))
    assert copy_of(value, {}) is value


def test_what_nothing_changes_stands_for_itself() -> None:
    unknown, name = Unknown("why"), External("torch.float32")
    assert copy_of([unknown, name], {}) == [unknown, name]


def test_a_module_cannot_be_copied() -> None:
    with pytest.raises(UncopyableError):
        copy_of({"layer": Module(External("torch.nn.Linear"))}, {})


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value["list"].append(3),
        lambda value: value["object"].attrs.update(size=2),
        lambda value: value["object"].attrs.update(new=None),
        lambda value: value.pop("list"),
        lambda value: value.update({"list": value.pop("list")}),
    ],
)
def test_a_change_shows(change: Callable[[dict[str, Any]], object]) -> None:
    project = Project(library(MAPPING, installed=False))
    config = project.library_value("transformers.models.bert.configuration_bert", "BertConfig")
    made = Instance(config)
    made.attrs["size"] = 1
    value: dict[str, Any] = {"list": [1, 2], "object": made}
    copy = copy_of(value, {})
    assert unchanged(value, copy)
    change(value)
    assert not unchanged(value, copy)


def test_a_default_config_is_made_once_and_shared_by_nobody() -> None:
    project = Project(library(MAPPING, installed=False))
    run = project.interpreter
    config = project.library_value("transformers.models.t5.configuration_t5", "T5Config")
    made = []
    for _ in range(3):
        run.fresh()
        made.append((default_config(run, config), run.steps))
    assert made[0][0] is not made[1][0]
    assert unchanged(made[0][0], made[1][0])
    assert {steps for _, steps in made} == {made[0][1]}
    made[1][0].attrs["vocab_size"] = 5
    assert made[2][0].attrs["vocab_size"] != 5


POPPED = """
NAMES = {"lm_head": ["weight"]}

class TinyForCausalLM(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.lm_head = nn.Linear(8, 8) if NAMES.pop("lm_head", None) else None
        NAMES["more"] = NAMES.get("more", 0) + 1
        self.count = NAMES["more"]
"""


def test_every_run_starts_from_module_level_values_as_they_were() -> None:
    project = Project(library(MAPPING, installed=False))
    cls = project.file(Path("/nowhere/modeling_tiny.py"), FAMILY + POPPED).lookup("TinyForCausalLM")
    for _ in range(3):
        model = construct(project.interpreter, cls).model
        assert model is not None
        assert model.attrs["lm_head"] is not None
        assert model.attrs["count"] == 1
