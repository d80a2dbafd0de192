"""Which files are explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Write
from tests.folders import EMBEDDING, HEAD, SMALL, Stored, write_folder
from tie_lint.api import Configuration, explain_paths
from tie_lint.pipeline.outcomes import Inquiry, Outcome
from tie_lint.project.project import Project
from tie_lint.tiemap.view import ModelView

MODEL = """\
from transformers import LlamaForCausalLM


class AcmeForCausalLM(LlamaForCausalLM):
    pass
"""
NOTICE = "# This file was automatically generated from modular_acme.py.\n"


def explained(*paths: Path) -> tuple[list[str], list[str]]:
    """The paths of what is explained, and the warnings."""
    found = explain_paths([str(path) for path in paths], Configuration(transformers="5.23.0"))
    return [Path(one.facts["path"]).name for one in found], found.warnings


def test_a_template_is_left_out_and_what_is_generated_from_it_is_explained(
    folder: Path, write: Write
) -> None:
    template = write("modular_acme.py", MODEL)
    assert explained(template) == (["modular_acme.py"], [])
    write("modeling_acme.py", NOTICE + MODEL)
    assert explained(folder) == (["modeling_acme.py"], [])
    names, warnings = explained(template)
    assert names == []
    assert "generated into" in warnings[0]


def test_what_asked_for_the_target_is_told(write: Write, folder: Path) -> None:
    write("model.py", MODEL)
    write("requirements.txt", "transformers==4.51.3")
    (found,) = explain_paths([str(folder)])
    assert found.facts["transformers_from"] == "requirements.txt"
    (found,) = explain_paths([str(folder)], Configuration(transformers="5.23.0"))
    assert found.facts["transformers_from"] is None


def test_what_a_checkpoint_keeps_apart_is_not_called_loaded(folder: Path) -> None:
    values = {EMBEDDING: Stored([100, 16]), HEAD: Stored([100, 16])}
    asks = {**SMALL, "tie_word_embeddings": True}
    tied = {**values, HEAD: Stored([100, 16], EMBEDDING)}
    for name, tensors, holds in (("apart", values, False), ("tied", tied, True)):
        path = write_folder(folder / name, asks, tensors)
        (found,) = explain_paths([str(path)], Configuration(transformers="5.23.0"))
        assert found.facts["outcome"]["loaded"]["holds"] is holds
        assert found.facts["outcome"]["tied"]["holds"] is True


TWO = """\
from torch import nn
from transformers import LlamaConfig, LlamaForCausalLM, LlamaModel, LlamaPreTrainedModel


class Clean(LlamaForCausalLM):
    pass


class Faulty(LlamaPreTrainedModel):
    _tied_weights_keys = ["head.weight"]

    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size)  # noqa: TIE102
        self.post_init()
"""


def test_one_class_is_explained_as_with_the_others_and_asks_about_no_more_than_it_takes(
    folder: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(write("model.py", TWO))
    asked: list[str] = []
    ask = Inquiry._ask

    def noted(self: Inquiry, view: ModelView, project: Project) -> Outcome:
        asked.append(view.name)
        return ask(self, view, project)

    monkeypatch.setattr(Inquiry, "_ask", noted)
    for release in ("4.51.3", "5.23.0"):
        target = Configuration(transformers=release)
        whole = {one.facts["class"]: one.facts for one in explain_paths([path], target)}
        assert whole["Faulty"]["findings"]
        assert not whole["Clean"]["findings"]
        asked.clear()
        for name, facts in whole.items():
            (found,) = explain_paths([f"{path}::{name}"], target)
            assert found.facts == facts
            assert name == "Faulty" or asked == ["Clean"]
