"""A name of its own for the backbone, in one model of a family: renamed where it can be followed."""

from __future__ import annotations

import pytest

from tests.scenarios.fixes.test_forms import after
from tests.scenarios.fixes.test_rule_pages import fixed
from tests.tiny_models import FAMILY

SIBLING = """
class TinyForTokens(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.post_init()
"""

HEAD = '''
class TinyForCausalLM(TinyPreTrainedModel):
    """Holds a backbone."""

    _tied_weights_keys = {"lm_head.weight": "net.embed_tokens.weight"}
    _keys_to_ignore_on_load_unexpected = [r"^net\\.pooler"]

    def __init__(self, config):
        super().__init__(config)
        self.net = TinyModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.net.embed_tokens

    def set_input_embeddings(self, value):
        self.net.embed_tokens = value

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings

    def forward(self, input_ids):
        """Run the net."""
        return self.lm_head(self.net(input_ids))  # self.net
'''
RENAMED = (
    HEAD.replace("self.net", "self.model").replace('"net.', '"model.').replace("^net", "^model")
).replace("# self.model", "# self.net")
DECLARED = HEAD.replace("    _tied", '    base_model_prefix = "net"\n\n    _tied', 1)
HEIR = """
class TinyHeir(TinyForCausalLM):
    def forward(self, input_ids):
        return self.net(input_ids)
"""
STRANGER = """
class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(2, 2)
"""


@pytest.mark.parametrize("release", ["4.51.3", "5.23.0"])
def test_the_odd_one_out_is_renamed_if_asked(release: str) -> None:
    assert after(SIBLING + HEAD, release) == SIBLING + HEAD
    assert after(SIBLING + HEAD, release, unsafe=True) == SIBLING + RENAMED


def test_its_heirs_are_too_and_strangers_are_not() -> None:
    text = SIBLING + STRANGER + HEAD + HEIR
    wanted = SIBLING + STRANGER + RENAMED + HEIR.replace("net", "model")
    assert after(text, "5.23.0", unsafe=True) == wanted


@pytest.mark.parametrize(
    ("before", "instead"),
    [
        ("input_ids):", 'input_ids):\n        getattr(self, "net")'),
        ("input_ids):", "input_ids, other):\n        other.net(1)"),
        ("input_ids):", "input_ids):\n        self.model = None"),
        ("    _keys", '    _old_mapping = {"net": "net"}\n    _keys'),
        ("    _keys", '    _no = ["net" ".pooler"\n        ".net"]\n    _keys'),
        ("    _keys", '    _no = ["decoder.net"]\n    _keys'),
        ("    def forward", "    @property\n    def model(self):\n        return None\n\n    def forward"),
    ],
)
def test_where_the_name_cannot_be_followed_it_becomes_the_prefix(before: str, instead: str) -> None:
    text = HEAD.replace(before, instead)
    found = after(SIBLING + text, "5.23.0", unsafe=True)
    assert found == SIBLING + DECLARED.replace(before, instead)


@pytest.mark.parametrize(
    "other",
    [
        "def use(model):\n    return model.net\n",
        'class Holder(nn.Module):\n    _tied_weights_keys = ["inner.net.x"]\n',
        SIBLING.replace("TinyForTokens", "Other").replace("model", "net"),
    ],
)
def test_so_it_does_where_others_may_use_the_name(other: str) -> None:
    found = after(SIBLING + HEAD + "\n" + other, "5.23.0", unsafe=True)
    assert found.startswith(SIBLING + DECLARED)


def test_alone_it_gives_its_family_the_prefix_if_asked() -> None:
    """No checkpoint changes; but of two names that differ either may be the wrong one, and from 5.0 the
    library renames what it loads by rules that speak of the prefix."""
    assert fixed(FAMILY + HEAD, "5.23.0").text == FAMILY + HEAD
    assert fixed(FAMILY + HEAD, "5.23.0", unsafe=True).text == FAMILY.replace('"model"', '"net"') + HEAD


def test_two_that_agree_give_it_the_prefix() -> None:
    text = HEAD + SIBLING.replace("self.model", "self.net")
    assert fixed(FAMILY + text, "5.23.0").text == FAMILY.replace('"model"', '"net"') + text


def test_a_prefix_of_its_own_is_meant() -> None:
    own = "    _keys", '    base_model_prefix = "model"\n    _keys'
    assert after(HEAD.replace(*own), "5.23.0", unsafe=True) == RENAMED.replace(*own)
