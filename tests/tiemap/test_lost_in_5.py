"""What 5.x lost of what a model needs to be built, and what its config has to be given in any release."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.examples import findings
from tests.tiny_models import FAMILY, MAPPING
from tie_lint.project.project import Project

PART = """
class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.size = config.no_such_field
        self.part = nn.Linear(2, 2)


"""
MODEL = """
class {name}(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        {first}
        self.layers = nn.ModuleList([Layer(config) for _ in range(config.num_hidden_layers)])
        self.post_init()

    def forward(self, x):
        return x


"""


def reasons(*models: str) -> list[str]:
    """What is said of models that cannot be built."""
    found = findings(Path("modeling_tiny.py"), FAMILY + PART + "".join(models), MAPPING)
    return [one.message for one in found if one.code == "TIE006"]


def test_what_no_release_has_is_not_lost() -> None:
    """As modelscope's ``QWenForTextGeneration``: 4.57.6 does not build it by default either."""
    assert reasons(*(MODEL.format(name=name, first="pass") for name in ("One", "Two", "Three"))) == []


def test_what_a_config_has_to_be_given_besides_is_named() -> None:
    """As modelscope's ``SpaceModel`` (run in 5.23.0): several fields are missing."""
    (message,) = reasons(
        MODEL.format(name="One", first="self.decodes, self.kind = config.is_decoder, config.no_kind")
    )
    assert message.startswith("One cannot be built with the defaults of its config and no_kind")
    assert "has no attribute 'is_decoder', which every config has up to 4.57 alone" in message


LLAMA = """
from torch import nn
from transformers import LlamaConfig, PreTrainedModel


class One(PreTrainedModel):
    config_class = LlamaConfig

    def __init__(self, config):
        super().__init__(config)
        self.kind = config.no_kind
        if config.rope_scaling is not None:
            self.rope = config.rope_scaling["type"]
        self.post_init()

    def forward(self, x):
        return x
"""


def test_what_4_builds_once_it_is_given_a_field() -> None:
    """As modelscope's ``MGeoForTextRanking``: its config has to be given ``gis_embedding`` in any release."""
    (message,) = [one.message for one in findings(Path("modeling_one.py"), LLAMA, MAPPING)]
    assert message.startswith("One cannot be built with the defaults of its config and no_kind")
    assert message.endswith("raises KeyError: 'type', and 4.57.6 builds it")


def test_of_what_lacks_nothing_no_other_release_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the library's own constructor reads before it sets it is not the author's."""
    opened: list[str] = []
    real = Project.under

    def under(project: Project, release: str) -> Project:
        opened.append(release)
        return real(project, release)

    monkeypatch.setattr(Project, "under", under)
    whole = PART.replace("no_such_field", "hidden_size") + MODEL.format(name="One", first="pass")
    assert findings(Path("modeling_tiny.py"), FAMILY + whole, MAPPING) == []
    assert not opened
    reasons(MODEL.format(name="One", first="pass"))
    assert opened
