"""Saving by the code's own ``save_pretrained``."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.examples import findings
from tests.tiny_models import MAPPING, built

OWN = """
def save_pretrained(self, folder, name=None, **kwargs):
    {}
"""
LAYER = "self.a = nn.Linear(2, 2)"


@pytest.mark.parametrize(
    ("init", "body", "saves"),
    [
        (LAYER, "if name is None:\n        raise ValueError('no name')", False),
        (LAYER, "if folder.endswith('x'):\n        raise ValueError('no folder')", None),
        (LAYER, "write(self.state_dict(), folder)", None),
        ("pass", "raise ValueError('no name')", True),
        (LAYER, "super().save_pretrained(folder)", True),
    ],
    ids=["certain", "by the folder", "otherwise", "no weights", "as ever"],
)
def test_a_save_of_its_own(init: str, body: str, saves: bool | None) -> None:
    found = built(init, methods=OWN.format(body), release=MAPPING)
    assert found.saves is saves


def test_what_initializes_parameters_shares_none() -> None:
    init = "from transformers import initialization as init\n" + LAYER
    assert built(f"{init}\ninit.xavier_normal_(self.a.weight)", release=MAPPING).ties == []


def test_a_save_of_its_own_that_raises_is_no_finding_about_ties() -> None:
    text = f"""
from torch import nn
from transformers import BertConfig, PreTrainedModel

class Model(PreTrainedModel):
    config_class = BertConfig
    base_model_prefix = "model"

    def __init__(self, config):
        super().__init__(config)
        {LAYER}
        self.post_init()
{textwrap.indent(OWN.format("raise ValueError('no name')"), "    ")}
"""
    assert findings(Path("modeling_tiny.py"), text, "4.51.3") == []
