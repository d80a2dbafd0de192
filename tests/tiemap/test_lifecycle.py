"""What keeps a tie, or loses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.examples import findings
from tests.tiny_models import ERAS, FAMILY, HEAD, MAPPING, seen

REMOVED = """
import logging

from torch import nn
from transformers import GemmaModel, GemmaPreTrainedModel

log = logging.getLogger(__name__)


class RemovesItsHead(GemmaPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.model = GemmaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        log.debug(self)

    def get_output_embeddings(self):
        return self.model.embed_tokens if self.lm_head is None else self.lm_head

    def set_output_embeddings(self, new_embeddings):
        if self.lm_head is None:
            self.model.set_input_embeddings(new_embeddings)
        else:
            self.lm_head = new_embeddings

    def tie_weights(self):
        self.lm_head = None


class RemovesItIfAsked(RemovesItsHead):
    def __init__(self, config):
        super().__init__(config)
        self.post_init()

    def tie_weights(self, *args, **kwargs):
        if self.config.tie_word_embeddings:
            self.lm_head = None
"""


@pytest.mark.parametrize(("name", "head"), [("RemovesItsHead", "lm_head"), ("RemovesItIfAsked", None)])
def test_a_head_that_tie_weights_removes_whatever_the_config_says(name: str, head: str | None) -> None:
    """As in llm-foundry 0.5.0 and 0.6.0, which also log the model: a logger leaves it as it is."""
    assert seen(REMOVED, name).lifecycle.removed_head == head


def test_that_is_one_finding() -> None:
    assert [one.code for one in findings(Path("acme.py"), REMOVED, "4.51.3")] == ["TIE202"]


OWN_HOOK = (
    HEAD
    + """
    def tie_weights(self, *args, **kwargs):
        self._tie_weights()

    def _tie_weights(self):
        self.lm_head.weight = self.model.embed_tokens.weight
"""
)


@pytest.mark.parametrize("end", ["self.post_init()", "pass"])
@pytest.mark.parametrize("release", ERAS)
def test_a_hook_that_the_models_own_tie_weights_asks_is_no_dead_one(release: str, end: str) -> None:
    """As surya's ``SuryaModel`` (run in 4.51.3), whose ``__init__`` does not ask for it."""
    text = FAMILY + OWN_HOOK.replace("self.post_init()", end)
    model = seen(text, "TinyForCausalLM", release)
    assert model.lifecycle.left_out_by_override == []
    assert model.lifecycle.dead_hooks == []


INNER = FAMILY.replace(
    "super().__init__(config)\n        self.embed", "super().__init__(config)FLAG\n        self.embed"
)
LISTED = HEAD.replace('{"lm_head.weight": "model.embed_tokens.weight"}', '["lm_head.weight"]')
TAKEN_BACK = "\n        config.tie_word_embeddings = False"


@pytest.mark.parametrize(
    ("flag", "more"), [("", ", and so does __init__ when the config asks for ties"), (TAKEN_BACK, "")]
)
def test_a_list_that_building_does_not_meet(flag: str, more: str) -> None:
    """As optimum-intel's ``LlamaEagle3ForCausalLM`` (run in 5.23.0): the part inside takes the flag back."""
    found = findings(Path("modeling_tiny.py"), INNER.replace("FLAG", flag) + LISTED, MAPPING)
    (problem,) = [one for one in found if one.code == "TIE301"]
    assert problem.effects[0][0] == f"save_pretrained() raises AttributeError{more}"


ANY_CONFIG = """
from torch import nn
from transformers import ElectraForMaskedLM, PreTrainedModel


class Around(PreTrainedModel):
    CLASS
    def __init__(self, config):
        super().__init__(config)
        self.inner = ElectraForMaskedLM(config)
        self.post_init()
"""


@pytest.mark.parametrize("declared", ["", "config_class = PreTrainedConfig\n"])
@pytest.mark.parametrize("releases", [("5.23.0",), ("4.51.3", "5.23.0")])
def test_a_config_of_any_class_may_say_to_tie(declared: str, releases: tuple[str, ...]) -> None:
    """As simpletransformers' ``ElectraForLanguageModelingModel`` (run in 5.23.0): it gets Electra's."""
    text = ANY_CONFIG.replace("CLASS", declared).replace("import Electra", "import PreTrainedConfig, Electra")
    found = findings(Path("modeling_tiny.py"), text, *releases)
    assert not {"TIE201", "TIE305"} & {one.code for one in found}
