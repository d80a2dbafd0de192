"""What `PreTrainedModel` itself does in each era: getters, ties, keys."""

from __future__ import annotations

import pytest

from tests.tiny_models import CLASSIC, ERAS, HEAD, MAPPING, MIXIN, TIED, mapped

NAME = "TinyForCausalLM"


def changed(*changes: tuple[str, str]) -> str:
    """The head class with some of its text replaced."""
    text = HEAD
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text


KEYS = '_tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}'
OUTPUT_GETTER = "    def get_output_embeddings(self):\n        return self.lm_head\n"
INPUT_GETTER = "    def get_input_embeddings(self):\n        return self.model.embed_tokens\n"


@pytest.mark.parametrize("release", ERAS)
def test_a_model_that_ties_in_every_era(release: str) -> None:
    found = mapped(HEAD, NAME, release)
    assert (found.input_embeddings, found.output_embeddings) == ("model.embed_tokens", "lm_head")
    assert (found.base_model_prefix, found.base_model) == ("model", "model")
    assert found.ties == found.ties_if_tied == TIED


@pytest.mark.parametrize("release", ERAS)
def test_the_flag_off(release: str) -> None:
    text = HEAD.replace(KEYS, f"config_class = Untied\n    {KEYS}")
    config = (
        "class Untied(TinyConfig):\n    def __init__(self, **kw):\n"
        "        super().__init__(tie_word_embeddings=False, **kw)\n"
    )
    found = mapped(config + text, NAME, release)
    assert (found.ties, found.ties_if_tied) == ([], TIED)


@pytest.mark.parametrize(("release", "ties"), [(CLASSIC, []), (MIXIN, TIED), (MAPPING, TIED)])
def test_without_an_output_getter(release: str, ties: list[list[str]]) -> None:
    assert mapped(changed((OUTPUT_GETTER, "")), NAME, release).ties == ties


@pytest.mark.parametrize("release", ERAS)
def test_the_input_getter_delegates_to_the_backbone(release: str) -> None:
    found = mapped(changed((INPUT_GETTER, "")), NAME, release)
    assert (found.input_embeddings, found.ties) == ("model.embed_tokens", TIED)


@pytest.mark.parametrize(("release", "ties"), [(CLASSIC, TIED), (MIXIN, TIED), (MAPPING, [])])
def test_without_keys(release: str, ties: list[list[str]]) -> None:
    found = mapped(changed((KEYS, "")), NAME, release)
    assert found.ties == ties
    assert found.saves is (release == MAPPING)


@pytest.mark.parametrize(("release", "saves"), [(CLASSIC, True), (MIXIN, True), (MAPPING, None)])
def test_keys_as_a_list(release: str, saves: bool | None) -> None:
    found = mapped(changed((KEYS, '_tied_weights_keys = ["lm_head.weight"]')), NAME, release)
    assert found.saves is saves
    assert found.ties == (None if release == MAPPING else TIED)


def test_keys_are_searched_for_and_not_anchored_up_to_4() -> None:
    found = mapped(changed((KEYS, '_tied_weights_keys = [r"head\\.w"]')), NAME, CLASSIC)
    assert found.saves is True


def test_a_pattern_in_the_mapping_is_anchored() -> None:
    pattern = '_tied_weights_keys = {r"lm_head\\.(weight|bias)": "model.embed_tokens.weight"}'
    assert mapped(changed((KEYS, pattern)), NAME, MAPPING).ties == TIED
    loose = '_tied_weights_keys = {r"head\\.(weight|bias)": "model.embed_tokens.weight"}'
    assert mapped(changed((KEYS, loose)), NAME, MAPPING).ties is None


def test_a_module_pattern_in_the_mapping() -> None:
    text = HEAD.replace(KEYS, '_tied_weights_keys = {r"heads\\.\\d+": "model.embed_tokens"}').replace(
        "self.lm_head =",
        "self.heads = nn.ModuleList([nn.Linear(8, 32, bias=False) for _ in range(2)])\n"
        "        self.lm_head =",
    )
    assert mapped(text, NAME, MAPPING).ties == [
        ["heads.0.weight", "heads.1.weight", "model.embed_tokens.weight"]
    ]


KEYS_OF_AN_INSTANCE = {
    "append": (
        "self._tied_weights_keys = ['lm_head.weight']\n        self._tied_weights_keys.append('other.weight')"
    ),
    "a comprehension": "self._tied_weights_keys = [f'{n}.weight' for n in ('lm_head', 'other')]",
    "a sub-model's": "self._tied_weights_keys = ['lm_head.weight', *(self.model._tied_weights_keys or [])]",
}


@pytest.mark.parametrize("keys", KEYS_OF_AN_INSTANCE.values(), ids=KEYS_OF_AN_INSTANCE)
def test_keys_that_init_makes(keys: str) -> None:
    text = changed((KEYS, ""), ("        self.post_init()", f"        {keys}\n        self.post_init()"))
    assert mapped(text, NAME, CLASSIC).saves is True


def test_keys_that_a_property_gives() -> None:
    keys = (
        "@property\n    def _tied_weights_keys(self):\n"
        "        return {'lm_head.weight': 'model.embed_tokens.weight'}"
    )
    assert mapped(changed((KEYS, keys)), NAME, MAPPING).ties == TIED


def test_a_mapping_that_init_updates() -> None:
    text = changed(
        (KEYS, ""),
        (
            "        self.post_init()",
            "        self._tied_weights_keys = {}\n"
            "        self._tied_weights_keys.update({'lm_head.weight': 'model.embed_tokens.weight'})\n"
            "        self.post_init()",
        ),
    )
    assert mapped(text, NAME, MAPPING).ties == TIED


def test_the_mapping_of_a_sub_model_counts() -> None:
    text = HEAD + (
        "class Wrapper(TinyPreTrainedModel):\n"
        "    def __init__(self, config):\n        super().__init__(config)\n"
        "        self.inner = TinyForCausalLM(config)\n        self.post_init()\n"
    )
    assert mapped(text, "Wrapper", MAPPING).ties == [
        ["inner.lm_head.weight", "inner.model.embed_tokens.weight"]
    ]


HOOK = "\n    def _tie_weights(self):\n        self.other.weight = self.lm_head.weight\n"


@pytest.mark.parametrize("release", ERAS)
def test_the_tie_hook(release: str) -> None:
    text = (
        changed(("self.lm_head =", "self.other = nn.Linear(8, 32, bias=False)\n        self.lm_head ="))
        + HOOK
    )
    group = ["lm_head.weight", "model.embed_tokens.weight", "other.weight"]
    assert mapped(text, NAME, release).ties == (TIED if release == MAPPING else [group])


def test_post_init_is_what_ties() -> None:
    text = changed(("        self.post_init()\n", ""))
    assert mapped(text, NAME, CLASSIC).ties == []


def test_a_module_of_another_version() -> None:
    text = changed(
        (
            "        self.post_init()",
            "        if is_torch_greater_or_equal('1.0'):\n            self.post_init()\n",
        )
    )
    before = "from transformers.utils.import_utils import is_torch_greater_or_equal\n"
    assert mapped(before + text, NAME, CLASSIC).ties == TIED


def test_a_library_model_below_a_local_one() -> None:
    text = """
from transformers import LlamaConfig, LlamaForCausalLM

class Mine(LlamaForCausalLM):
    def __init__(self, config):
        super().__init__(config)
        self.extra = self.model.embed_tokens
        self.post_init()
"""
    found = mapped(text, "Mine", CLASSIC)
    assert found.ties == [["extra.weight", "model.embed_tokens.weight"]]
    assert found.ties_if_tied == [["extra.weight", "lm_head.weight", "model.embed_tokens.weight"]]
    assert found.saves is False


def test_an_auto_model_of_a_sub_config() -> None:
    text = """
from transformers import LlamaConfig

class PairConfig(PretrainedConfig):
    model_type = "pair"
    def __init__(self, text_config=None, **kw):
        super().__init__(**kw)
        self.text_config = text_config or LlamaConfig(num_hidden_layers=1)

class Pair(PreTrainedModel):
    config_class = PairConfig
    base_model_prefix = "pair"
    def __init__(self, config):
        super().__init__(config)
        self.text = AutoModel.from_config(config.text_config)
        self.head = nn.Linear(1, 1, bias=False)
        self.head.weight = self.text.get_input_embeddings().weight
        self.post_init()
    def get_input_embeddings(self):
        return self.text.get_input_embeddings()
"""
    found = mapped(text, "Pair", CLASSIC)
    assert found.input_embeddings == "text.embed_tokens"
    assert found.ties == [["head.weight", "text.embed_tokens.weight"]]


def test_an_auto_model_of_a_config_of_ones_own_is_unknown() -> None:
    text = """
class Wrapper(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.text = AutoModel.from_config(config)
        self.post_init()
"""
    assert mapped(text, "Wrapper", CLASSIC).ties is None
