"""Fixes of a file are verified together where they affect different models, each by itself where not."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import pytest

import tie_lint.fix.trials
import tie_lint.pipeline.garbage
from tests.conftest import Write
from tests.fix.test_command import UNKNOWN
from tests.tiny_models import FAMILY
from tie_lint.cli import main
from tie_lint.finding import Edit, Fix
from tie_lint.fix.fixer import Fixed, Fixer
from tie_lint.fix.round import Round
from tie_lint.fix.trials import Trials
from tie_lint.library.target import Targets
from tie_lint.pipeline.document import TextDocument
from tie_lint.pipeline.garbage import no_collections
from tie_lint.pipeline.linter import Linter
from tie_lint.project.project import Project
from tie_lint.settings import Settings

SETTERS = """
    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings
"""
HEAD = (
    """
class {name}(TinyPreTrainedModel):
    _tied_weights_keys = ["lm_head.weight"]

    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head
"""
    + SETTERS
)
HOLDER = """
class TinyPair(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.one = TinyForOne(config)
        self.two = TinyForTwo(config)
        self.post_init()
"""
PROJECTION = """
class TinyFor{name}(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.{name} = TinyModel(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.{name}.embed_tokens

    def set_input_embeddings(self, value):
        self.{name}.embed_tokens = value
"""

Fixers = Callable[[str], Fixer]


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The paths of the documents that are checked from now on, one for each check."""
    found: list[Path] = []
    check = Linter.check

    def noted(self: Linter, document: TextDocument) -> object:
        found.append(document.path)
        return check(self, document)

    monkeypatch.setattr(Linter, "check", noted)
    return found


def fixer(folder: Path, text: str) -> Fixer:
    path = folder / "modeling_tiny.py"
    return Fixer(Linter(Settings(folder), Targets(("5.23.0",), "")), TextDocument(path, text, path.name))


def heads(*names: str) -> str:
    return FAMILY + "".join(HEAD.format(name=f"TinyFor{name}") for name in names)


def test_one_check_tells_of_the_fixes_of_many_models(folder: Path, checks: list[Path]) -> None:
    found = fixer(folder, heads("One", "Two", "Three", "Four")).with_fixes_together()
    assert [one.code for one in found if one.fix] == ["TIE301"] * 4
    assert len(checks) == 2


def test_by_itself_each_fix_takes_a_check(folder: Path, checks: list[Path]) -> None:
    text = heads("One", "Two", "Three", "Four")
    found = fixer(folder, text).with_fixes()
    assert [one.fix for one in found] == [one.fix for one in fixer(folder, text).with_fixes_together()]
    assert len(checks) == 5 + 2


def test_fixes_that_affect_one_model_are_verified_apart(folder: Path, checks: list[Path]) -> None:
    text = heads("One", "Two") + HOLDER
    together, each = (
        fixer(folder, text).with_fixes_together(),
        fixer(folder, text).with_fixes(),
    )
    assert [(one.code, one.fix) for one in together] == [(one.code, one.fix) for one in each]
    assert any(one.fix for one in each)


def test_a_fix_that_is_right_only_beside_another_is_none_by_itself(folder: Path) -> None:
    text = FAMILY + PROJECTION.format(name="text") + PROJECTION.format(name="audio")
    assert [one.fix for one in fixer(folder, text).with_fixes()] == [None, None]
    beside = [one.fix for one in fixer(folder, text).with_fixes_together()]
    assert [fix is not None and fix.safe for fix in beside] == [False, False]


def test_a_file_is_not_worked_out_anew_by_the_next_pass(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out: list[Fixer] = []
    fix = Fixer.fix

    def noted(self: Fixer, unsafe: bool) -> Fixed:
        worked_out.append(self)
        return fix(self, unsafe)

    monkeypatch.setattr(Fixer, "fix", noted)
    path = write("modeling_tiny.py", heads("One") + UNKNOWN)
    assert main(["--fix", "--transformers", "5.23.0"]) == 1, "of the two findings one has no safe fix"
    assert path.read_text(encoding="utf-8") != heads("One") + UNKNOWN
    assert len(worked_out) == 1


def test_what_was_tried_does_not_stay_in_memory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tie_lint.pipeline.garbage, "MOST_OLD", 10)
    monkeypatch.setattr(tie_lint.fix.trials, "MOST_KEPT", 2)
    text = heads(*(f"N{number}" for number in range(8)))
    gc.collect()
    before = sum(isinstance(one, Project) for one in gc.get_objects())
    with no_collections():
        fixer(folder, text).with_fixes()
        kept = sum(isinstance(one, Project) for one in gc.get_objects()) - before
    assert kept <= 4 * 2, "nine checks have two each; three are remembered, and one is not collected yet"


@pytest.mark.parametrize(
    ("lines", "classes"),
    [([1], None), ([0], {"TinyForOne"}), ([0, 1], None), ([0, 0], {"TinyForOne"})],
)
def test_an_edit_outside_of_the_classes_can_affect_all_of_them(
    lines: list[int], classes: set[str] | None, tmp_path: Path
) -> None:
    text = FAMILY + HEAD.format(name="TinyForOne").replace(SETTERS, "")
    document = TextDocument(tmp_path / "modeling_tiny.py", text, "modeling_tiny.py")
    linter = Linter(Settings(tmp_path), Targets(("4.51.3",), ""))
    begun = Round(Trials(linter, document), (text, ()))
    inside = text[: text.index("_tied_weights_keys")].count("\n") + 1
    edits = tuple(Edit(line or inside, 1, line or inside, 1, "") for line in lines)
    assert begun.checked.offers
    assert begun._edited([Fix(True, edits)]) == classes
