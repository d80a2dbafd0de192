"""What each operator changes, and that nothing else does."""

from __future__ import annotations

import pytest

from tests.lab.mutants.operators import all_operators

RELEASED = '''\
class Acme(PreTrainedModel):
    """Ünïcode before what is changed."""

    base_model_prefix: str = "acme"  # a comment
    _tied_weights_keys = ["head.weight", "head.bias"]

    def __init__(self, config):
        super().__init__(config)
        self.acme = AcmeModel(config)
        self.head = nn.Linear(config.width, config.vocab_size)
        self.post_init()

    @decorated
    def get_output_embeddings(self):
        return self.head

    def set_output_embeddings(self, value):
        self.head = value

    def get_input_embeddings(self):
        return self.acme.words

    def set_input_embeddings(self, value):
        self.acme.words = value


class Small(Acme):
    base_model_prefix = "small"


class Mapped(Acme):
    _tied_weights_keys = {
        "head.weight": "acme.words.weight",
        "head.bias": "bias",
    }


class Words(nn.Module):
    def __init__(self, config):
        self.words = nn.Embedding(config.vocab_size, config.width)
        self.kinds = nn.Embedding(2, config.width)
'''

CHANGES = [
    ("delete-prefix", "Acme", '    base_model_prefix: str = "acme"  # a comment\n', ""),
    ("delete-own-prefix", "Small", '    base_model_prefix = "small"\n', "    pass\n"),
    ("empty-prefix", "Acme", ': str = "acme"', ': str = ""'),
    ("misspell-prefix", "Small", '"small"', "'smlal'"),
    ("delete-tied-keys", "Acme", '    _tied_weights_keys = ["head.weight", "head.bias"]\n', ""),
    ("empty-tied-keys", "Acme", '["head.weight", "head.bias"]', "[]"),
    (
        "misspell-tied-keys-attribute",
        "Acme",
        '_tied_weights_keys = ["head.weight"',
        '_tied_weight_keys = ["head.weight"',
    ),
    ("misspell-tied-key", "Acme", '["head.weight"', "['heda.weight'"),
    ("misspell-tied-source", "Mapped", '"acme.words.weight"', "'acme.worsd.weight'"),
    ("drop-tied-key", "Acme", '["head.weight", "head.bias"]', "['head.bias']"),
    (
        "list-tied-keys",
        "Mapped",
        '{\n        "head.weight": "acme.words.weight",\n        "head.bias": "bias",\n    }',
        "['head.weight', 'head.bias']",
    ),
    (
        "map-tied-keys",
        "Acme",
        '["head.weight", "head.bias"]',
        "{'head.weight': 'model.embed_tokens.weight', 'head.bias': 'model.embed_tokens.weight'}",
    ),
    (
        "swap-tied-entry",
        "Mapped",
        '"head.weight": "acme.words.weight"',
        "'acme.words.weight': 'head.weight'",
    ),
    (
        "delete-output-getter",
        "Acme",
        "    @decorated\n    def get_output_embeddings(self):\n        return self.head\n",
        "",
    ),
    (
        "delete-input-getter",
        "Acme",
        "    def get_input_embeddings(self):\n        return self.acme.words\n",
        "",
    ),
    (
        "delete-output-setter",
        "Acme",
        "    def set_output_embeddings(self, value):\n        self.head = value\n",
        "",
    ),
    (
        "delete-input-setter",
        "Acme",
        "    def set_input_embeddings(self, value):\n        self.acme.words = value\n",
        "",
    ),
    ("wrong-output-getter", "Acme", "return self.head", "return self.acme"),
    ("wrong-input-getter", "Acme", "return self.acme.words", "return self.acme"),
    ("delete-post-init", "Acme", "        self.post_init()\n", ""),
    (
        "early-post-init",
        "Acme",
        "        self.head = nn.Linear(config.width, config.vocab_size)\n        self.post_init()\n",
        "        self.post_init()\n        self.head = nn.Linear(config.width, config.vocab_size)\n",
    ),
    ("rename-backbone", "Acme", "self.acme", "self.renamed_part"),
    ("rename-head", "Acme", "self.head", "self.renamed_part"),
    ("wide-head", "Acme", "nn.Linear(config.width", "nn.Linear(2 * (config.width)"),
    (
        "wide-embedding",
        "Words",
        "config.vocab_size, config.width)\n    ",
        "config.vocab_size, 2 * (config.width))\n    ",
    ),
]


@pytest.mark.parametrize(("operator", "class_name", "old", "new"), CHANGES)
def test_one_piece_is_changed(operator: str, class_name: str, old: str, new: str) -> None:
    assert all_operators()[operator].mutate(RELEASED, class_name) == RELEASED.replace(old, new)


def test_a_renamed_head_is_known_to_the_keys_but_not_to_the_getters() -> None:
    mutated = all_operators()["rename-head-but-for-getters"].mutate(RELEASED, "Acme")
    assert mutated is not None
    assert "'renamed_part.weight', 'renamed_part.bias'" in mutated
    assert "self.renamed_part = nn.Linear" in mutated
    assert "return self.head" in mutated


def test_a_renamed_head_is_known_to_all() -> None:
    mutated = all_operators()["rename-head-consistently"].mutate(RELEASED, "Acme")
    assert mutated is not None and "self.head" not in mutated and '["head' not in mutated


@pytest.mark.parametrize("operator", all_operators())
def test_a_piece_that_is_not_there_cannot_be_broken(operator: str) -> None:
    assert all_operators()[operator].mutate("class Bare(nn.Module):\n    pass\n", "Bare") is None


CONFIGS = '''\
class Old(PretrainedConfig):
    def __init__(self, width=8, tie_word_embeddings=True, **kwargs):
        self.width = width
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class Bare(PretrainedConfig):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)


class New(PreTrainedConfig):
    """Has tie_word_embeddings."""

    width: int = 8
    tie_word_embeddings: bool = True
'''


@pytest.mark.parametrize(
    ("operator", "class_name", "old", "new"),
    [
        ("untie-config", "Old", "embeddings=True", "embeddings=False"),
        ("untie-config", "New", "bool = True", "bool = False"),
        (
            "untie-config",
            "Bare",
            "__init__(**kwargs)\n\n\nclass New",
            "__init__(**kwargs)\n        self.tie_word_embeddings = False\n\n\nclass New",
        ),
        ("delete-config-flag", "New", "    tie_word_embeddings: bool = True\n", ""),
    ],
)
def test_a_config_is_changed(operator: str, class_name: str, old: str, new: str) -> None:
    assert all_operators()[operator].mutate(CONFIGS, class_name) == CONFIGS.replace(old, new)


def test_a_flag_that_is_handed_on_is_deleted_throughout() -> None:
    mutated = all_operators()["delete-config-flag"].mutate(CONFIGS, "Old")
    assert mutated is not None
    assert "def __init__(self, width=8, **kwargs):" in mutated
    assert "super().__init__(**kwargs)" in mutated.partition("class Bare")[0]


def test_a_config_that_does_not_mention_the_flag_loses_nothing() -> None:
    assert all_operators()["delete-config-flag"].mutate(CONFIGS, "Bare") is None
