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


PLAIN = RELEASED.replace('    base_model_prefix: str = "acme"  # a comment\n', "")


def test_a_class_around_a_model_has_its_name_and_its_bases() -> None:
    mutated = all_operators()["wrap-model"].mutate(PLAIN, "Acme")
    assert mutated is not None
    inside, _, around = mutated.partition("class Acme(PreTrainedModel):")
    assert "class AcmeInside(PreTrainedModel):" in inside and "self.head = nn.Linear" in inside
    assert "self.renamed_part = AcmeInside(config)" in around and "get_input_embeddings" not in around[:300]
    assert mutated.endswith(PLAIN.partition("class Small")[2])


def test_a_class_around_a_model_hands_on_its_getters() -> None:
    mutated = all_operators()["wrap-model-with-accessors"].mutate(PLAIN, "Acme") or ""
    around = mutated.partition("class Acme(PreTrainedModel):")[2]
    for call in ("get_input_embeddings()", "set_output_embeddings(value)"):
        assert f"self.renamed_part.{call}" in around


def test_a_class_that_names_its_own_config_is_not_wrapped() -> None:
    assert all_operators()["wrap-model"].mutate(RELEASED, "Acme") is None


@pytest.mark.parametrize(
    ("operator", "there", "gone"),
    [
        ("call-removed-helper", "self._tie_or_clone_weights(self.head, self.get_input", "no such text"),
        ("tie-in-init-weights", "if module is self.head:", "get_output_embeddings"),
        ("own-from-pretrained", "        self.tie_weights()\n\n    @decorated", "self.post_init()"),
        ("reward-head", "return self.reward_head", "return self.head"),
        ("made-by-new", "self.head = AcmeHead(config.width", '"head.bias"]'),
    ],
)
def test_a_class_does_by_itself_what_the_library_does(operator: str, there: str, gone: str) -> None:
    mutated = all_operators()[operator].mutate(RELEASED, "Acme")
    assert mutated is not None and there in mutated and gone not in mutated


def test_buffers_are_declared_as_tied() -> None:
    mutated = all_operators()["map-buffer"].mutate(f"\nimport torch\n{RELEASED}", "Acme")
    assert mutated is not None and """['head.weight', 'head.bias', "second_table"]""" in mutated
    assert mutated.count("self.register_buffer(") == 2


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
