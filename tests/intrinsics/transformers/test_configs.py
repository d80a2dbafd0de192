"""Configs: the value of an attribute decides what a model builds."""

from __future__ import annotations

import pytest

from tests.tiny_models import CLASSIC, MAPPING, mapped, weights

MODEL = """
class Model(TinyPreTrainedModel):
    config_class = OtherConfig

    def __init__(self, config):
        super().__init__(config)
        self.a = nn.Linear(8, 8, bias=False)
        if {test}:
            self.b = self.a
        self.post_init()
"""

CLASSIC_CONFIGS = {
    "a default": (
        "def __init__(self, n=3, **kw):\n        super().__init__(**kw)\n        self.n = n",
        "config.n == 3",
    ),
    "a computed value": (
        "def __init__(self, n=3, m=None, **kw):\n        super().__init__(**kw)\n"
        "        self.m = m if m is not None else n * 2",
        "config.m == 6",
    ),
    "attribute_map": (
        "attribute_map = {'width': 'n'}\n    def __init__(self, n=3, **kw):\n        super().__init__(**kw)\n"
        "        self.n = n",
        "config.width == 3",
    ),
    "a property": (
        "def __init__(self, n=3, **kw):\n        super().__init__(**kw)\n        self.n = n\n"
        "    @property\n    def m(self):\n        return self.n + 1",
        "config.m == 4",
    ),
    "a method": (
        "def __init__(self, **kw):\n        super().__init__(**kw)\n    def layers(self, i):\n"
        "        return ['full', 'sliding'][i % 2]",
        "config.layers(3) == 'sliding'",
    ),
    "a missing attribute": (
        "def __init__(self, **kw):\n        super().__init__(**kw)",
        "getattr(config, 'nothing', None) is None and not hasattr(config, 'nothing')",
    ),
    "a class attribute": ("n = 3", "config.n == 3"),
    "a keyword handed up": (
        "def __init__(self, **kw):\n        super().__init__(tie_word_embeddings=False, **kw)",
        "config.tie_word_embeddings is False",
    ),
    "a sub-config": (
        "def __init__(self, text_config=None, **kw):\n        super().__init__(**kw)\n"
        "        self.text_config = TinyConfig(**(text_config or {'vocab_size': 5}))",
        "config.text_config.vocab_size == 5",
    ),
    "a list over a loop": (
        "def __init__(self, n=4, **kw):\n        super().__init__(**kw)\n"
        "        self.types = ['a' if i % 2 else 'b' for i in range(n)]",
        "config.types == ['b', 'a', 'b', 'a']",
    ),
    "attributes that a part of it answers and takes": (
        "def __init__(self, **kw):\n        self.text_config = TinyConfig()\n        super().__init__(**kw)\n"
        "    def __getattribute__(self, key):\n"
        "        inner = super().__getattribute__('__dict__').get('text_config')\n"
        "        if inner is not None and key in inner.__dict__:\n            return getattr(inner, key)\n"
        "        return super().__getattribute__(key)\n"
        "    def __setattr__(self, key, value):\n"
        "        inner = super().__getattribute__('__dict__').get('text_config')\n"
        "        if inner is not None and key in inner.__dict__:\n            setattr(inner, key, value)\n"
        "        else:\n            super().__setattr__(key, value)",
        "setattr(config, 'vocab_size', 7) or config.vocab_size == config.text_config.vocab_size == 7",
    ),
    "a changed copy": (
        "def __init__(self, n=3, **kw):\n        super().__init__(**kw)\n        self.n = n",
        "(lambda other: setattr(other, 'n', 9) or (other.n, config.n))(copy.deepcopy(config)) == (9, 3)",
    ),
    "to_dict and back": (
        "def __init__(self, n=3, **kw):\n        super().__init__(**kw)\n        self.n = n",
        "OtherConfig.from_dict({**config.to_dict(), 'n': 7}).n == 7",
    ),
}


@pytest.mark.parametrize("release", [CLASSIC, MAPPING])
@pytest.mark.parametrize(("body", "test"), CLASSIC_CONFIGS.values(), ids=CLASSIC_CONFIGS)
def test_a_condition_on_the_config_is_decided(body: str, test: str, release: str) -> None:
    config = f"class OtherConfig(PretrainedConfig):\n    model_type = 'other'\n    {body}\n"
    found = mapped(config + MODEL.format(test=test), "Model", release)
    assert found.ties == weights("a", "b"), found.reasons


FIELDS = """
class OtherConfig(PreTrainedConfig):
    model_type = "other"
    attribute_map = {"width": "n"}
    n: int = 3
    m: int | None = None
    names: list[str] | None = None
    tie_word_embeddings: bool = True

    def __post_init__(self, **kwargs):
        self.m = self.n * 2 if self.m is None else self.m
        super().__post_init__(**kwargs)
"""


@pytest.mark.parametrize(
    "test",
    [
        "config.n == 3 and config.m == 6",
        "config.width == 3",
        "config.names is None",
        "config.tie_word_embeddings",
        "OtherConfig(m=1).m == 1",
        "OtherConfig(extra=5).extra == 5",
        "config.get_text_config() is config",
    ],
)
def test_a_config_of_fields(test: str) -> None:
    text = "from transformers import PreTrainedConfig\n" + FIELDS + MODEL.format(test=test)
    found = mapped(text, "Model", MAPPING)
    assert found.ties == weights("a", "b"), found.reasons


def test_the_config_class_of_an_annotation() -> None:
    text = """
class OtherConfig(TinyConfig):
    pass

class Model(TinyPreTrainedModel):
    config: OtherConfig
"""
    assert mapped(text, "Model", MAPPING).config_class == "OtherConfig"


def test_a_config_that_cannot_be_read_leaves_the_conditions_unknown() -> None:
    text = "from somewhere import OtherConfig\n" + MODEL.format(test="config.n == 3")
    assert mapped(text, "Model").ties is None
