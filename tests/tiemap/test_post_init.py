"""How a constructor reaches ``post_init()``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.examples import findings
from tests.tiny_models import ERAS, FAMILY, HEAD, MAPPING, seen
from tie_lint.tiemap.post_init import Reached

OVERRIDE = """
class Base:
    def post_init(self):
        {body}

class TinyForCausalLM(Base, TinyPreTrainedModel):
"""


@pytest.mark.parametrize("release", ERAS)
@pytest.mark.parametrize(
    ("body", "reached"),
    [("self.init_weights()", Reached.OVERRIDDEN), ("super().post_init()", Reached.ALWAYS)],
)
def test_a_post_init_of_the_projects_own(release: str, body: str, reached: Reached) -> None:
    """As in modelscope, whose ``TorchModel`` comes before ``PreTrainedModel``."""
    override = OVERRIDE.format(body=body)
    text = FAMILY + HEAD.replace("\nclass TinyForCausalLM(TinyPreTrainedModel):\n", override)
    model = seen(text, "TinyForCausalLM", release)
    assert model.models.post_init is reached
    assert model.models.post_init_override == "Base"


RELEASE = """
import os
import transformers
from packaging import version

LATER = version.parse(transformers.__version__)

def is_late():
    return LATER > version.parse("4.40")
"""
LIMIT = 'version.parse("4.40")'
ALIKE = {
    "the release": f"LATER > {LIMIT}",
    "a release behind a helper": "is_late()",
    "whether the class has it": 'hasattr(self, "post_init")',
    "both": f'hasattr(self, "post_init") and not LATER < {LIMIT}',
}
UNLIKE = {
    "the config": "config.num_hidden_layers",
    "the config and the release": f"LATER > {LIMIT} and config.hidden_size > 4",
    "what is made of the config": "size",
    "whether a model has it": 'hasattr(self, "model")',
}


def behind(condition: str, release: str) -> Reached | None:
    """How a constructor reaches ``post_init()`` that has it behind a condition."""
    call = f"size = config.hidden_size\n        if {condition}:\n            self.post_init()"
    text = RELEASE + FAMILY + HEAD.replace("self.post_init()", call)
    return seen(text, "TinyForCausalLM", release).models.post_init


@pytest.mark.parametrize("release", ERAS)
@pytest.mark.parametrize("condition", ALIKE.values(), ids=ALIKE)
def test_a_condition_that_is_the_same_for_all_models_is_none(condition: str, release: str) -> None:
    """As in diffusers, whose models ask for a release that needs the call."""
    assert behind(condition, release) is Reached.ALWAYS


@pytest.mark.parametrize("release", ERAS)
@pytest.mark.parametrize("condition", UNLIKE.values(), ids=UNLIKE)
def test_a_condition_that_a_config_decides_is_one(condition: str, release: str) -> None:
    assert behind(condition, release) is Reached.CONDITIONAL


@pytest.mark.parametrize("release", ERAS)
def test_a_condition_that_only_the_machine_knows_leaves_it_open(release: str) -> None:
    assert behind("os.uname().nodename", release) is None


BY_HAND = FAMILY + HEAD.replace(
    "self.post_init()", "self.lm_head.bias = self.bias = nn.Parameter(torch.zeros(32))"
)


@pytest.mark.parametrize(("end", "once"), [("", "once the model can be loaded, "), ("self.post_init()", "")])
def test_what_a_load_parts_it_parts_once_it_does_not_raise(end: str, once: str) -> None:
    """As modelscope's ``DebertaV2ForMaskedLM`` (run in 5.23.0)."""
    text = BY_HAND.replace("(torch.zeros(32))", f"(torch.zeros(32))\n        {end}")
    found = findings(Path("modeling_tiny.py"), text, MAPPING)
    (problem,) = [one for one in found if one.code == "TIE108"]
    assert problem.effects[0][0].startswith(f"{once}from_pretrained() parts them")
