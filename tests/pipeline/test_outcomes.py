"""A run for several targets finds what asking for each by itself finds, and asks once what holds for all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.examples import BAD, GOOD
from tests.tiny_models import FAMILY
from tie_lint.library.target import find_targets
from tie_lint.library.watched import NONE
from tie_lint.pipeline import outcomes
from tie_lint.pipeline.document import TextDocument
from tie_lint.pipeline.linter import Linter
from tie_lint.project.project import Project
from tie_lint.rules import all_rules
from tie_lint.rules.page import examples
from tie_lint.settings import Settings
from tie_lint.tiemap.view import ModelView

RANGE = ">=4.45,<6"
PATH = Path("modeling_acme.py")

COMPOSITE = (
    FAMILY
    + """
class TinyForCausalLM(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

class PairConfig(PretrainedConfig):
    def __init__(self, **kw):
        self.text_config = TinyConfig()
        super().__init__(**kw)

class Pair(PreTrainedModel):
    config_class = PairConfig

    def __init__(self, config):
        super().__init__(config)
        self.first = TinyForCausalLM(config.text_config)
        self.second = TinyForCausalLM(config.text_config)
        self.post_init()
"""
)
"""Models inside a model tie when that is asked to, from 4.56 on."""

RELYING = (
    FAMILY
    + """
class TinyForCausalLM(TinyPreTrainedModel):
    _tied_weights_keys = ["lm_head.weight"]

    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()
"""
)
"""The getter that is inherited finds the head from 4.54 on."""

RELEASED = BAD.replace(
    "from torch", "import transformers\nfrom packaging import version\nfrom torch", 1
).replace(
    "class AcmeForCausalLM",
    "if version.parse(transformers.__version__) < version.parse('4.50'):\n"
    "    GemmaPreTrainedModel = nn.Module\n\nclass AcmeForCausalLM",
)
"""Its base is a model from 4.50 on."""


def problems(text: str, asked: str) -> dict[str, set[tuple[object, ...]]]:
    """What is found, by release."""
    targets = find_targets(asked, Path())
    found: dict[str, set[tuple[object, ...]]] = {release: set() for release in targets.releases}
    checked = Linter(Settings(Path.cwd()), targets).check(TextDocument(PATH, text))
    assert not checked.failures
    for one in checked.findings:
        for release in one.transformers:
            found[release].add((one.code, one.line, one.class_name, one.problem))
    return found


EXAMPLES = [one for rule in all_rules().values() if not rule.of_folders for one in examples(rule)]


@pytest.mark.parametrize("text", [BAD, GOOD, COMPOSITE, RELYING, RELEASED, *(one.bad for one in EXAMPLES)])
def test_each_target_has_the_findings_that_asking_it_by_itself_gives(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = problems(text, RANGE)
    monkeypatch.setattr(Project, "alike", lambda project, path: NONE)
    assert together == problems(text, RANGE)


def asked(text: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """For which releases each class is asked about."""
    found: dict[str, list[str]] = {}
    ask = outcomes.Inquiry._ask

    def counted(inquiry: outcomes.Inquiry, view: ModelView, project: Project) -> outcomes.Outcome:
        found.setdefault(view.name, []).append(view.release)
        return ask(inquiry, view, project)

    monkeypatch.setattr(outcomes.Inquiry, "_ask", counted)
    problems(text, RANGE)
    return found


def test_what_holds_for_several_targets_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = ["4.48.3", "4.55.4", "5.8.1", "5.24.0"]
    """The first of the targets for each of the releases that the library's facts are bundled of."""
    assert asked(FAMILY, monkeypatch)["TinyModel"] == bundled
    found = asked(RELYING, monkeypatch)
    assert found["TinyForCausalLM"] == bundled, "what has a fix is asked no more often"


def test_who_asks_for_the_release_is_asked_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for = asked(RELEASED, monkeypatch)["AcmeForCausalLM"]
    assert asked_for == list(find_targets(RANGE, Path()).releases)[1:], "up to 4.49 it is no model"
