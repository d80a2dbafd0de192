"""How a constructor reaches ``post_init()``."""

from __future__ import annotations

import pytest

from tests.tiny_models import ERAS, FAMILY, HEAD, seen
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
