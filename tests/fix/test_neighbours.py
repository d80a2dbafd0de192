"""A fix is checked against the other files as they are now, under every release."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Write
from tests.tiny_models import FAMILY
from tie_lint.fix.fixer import Fixer
from tie_lint.fix.verdict import Comparison
from tie_lint.interpreter.base_values import ExhaustedError
from tie_lint.library.target import Targets
from tie_lint.pipeline.document import TextDocument
from tie_lint.pipeline.linter import Linter
from tie_lint.pipeline.reading import read_document
from tie_lint.python.disk import Disk
from tie_lint.settings import Settings

HEAD = """
from torch import nn
from parts import TinyModel, TinyPreTrainedModel

class TinyForCausalLM(TinyPreTrainedModel):
    _tied_weights_keys = ["lm_head.weight"]

    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings
"""

OTHER = "self.more_words = nn.Embedding(config.vocab_size, config.hidden_size)\n        self.post_init()"


PARTS = FAMILY.replace("embed_tokens", "words").replace("self.post_init()", OTHER, 1)
CHANGED = PARTS.replace("return self.words", "return self.more_words")
"""The same with another embedding handed out."""


def linter(path: Path) -> Linter:
    return Linter(Settings(path.parent), Targets(("5.23.0",), ""))


def edit_of_the_list(path: Path) -> str:
    (found,) = Fixer(linter(path), read_document(path, Disk())).with_fixes()
    assert found.code == "TIE301"
    assert found.fix is not None
    return found.fix.edits[0].text


def test_no_fix_is_tried_once_their_time_is_spent(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("parts.py", PARTS)
    document = read_document(write("m.py", HEAD), Disk())
    monkeypatch.setattr("tie_lint.fix.trials.MOST_SECONDS", 0)
    fixer = Fixer(linter(document.path), document)
    assert [found.fix for found in fixer.with_fixes()] == [None]
    assert fixer.fix(unsafe=True).text == HEAD


def test_a_fix_that_cannot_be_followed_is_not_made(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise ExhaustedError("more than 500000 steps")

    write("parts.py", PARTS)
    document = read_document(write("m.py", HEAD), Disk())
    monkeypatch.setattr(Comparison, "verdict", exhausted)
    fixer = Fixer(linter(document.path), document)
    ((_, reason),) = fixer.fix(unsafe=True).withheld
    assert "within the bounds" in reason
    assert not fixer.trials.failures


def verdict_on(path: Path, text: str) -> str:
    before, after = (linter(path).check(TextDocument(path, one, path.name)) for one in (HEAD, text))
    return Comparison(before, after).verdict(before.findings, None).kind


def test_a_fix_follows_a_neighbour_that_changed(write: Write) -> None:
    write("parts.py", PARTS)
    path = write("modeling_tiny.py", HEAD)
    assert "model.words.weight" in edit_of_the_list(path)
    write("parts.py", CHANGED)
    assert "model.more_words.weight" in edit_of_the_list(path)


def test_what_was_safe_is_not_after_a_neighbour_changed(write: Write) -> None:
    write("parts.py", PARTS)
    path = write("modeling_tiny.py", HEAD)
    fixed = HEAD.replace('["lm_head.weight"]', '{"lm_head.weight": "model.words.weight"}')
    assert verdict_on(path, fixed) == "safe"
    write("parts.py", CHANGED)
    assert verdict_on(path, fixed) == "unsafe"
