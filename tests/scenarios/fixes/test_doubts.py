"""Fixes that the text alone cannot vouch for: made only if asked."""

from __future__ import annotations

import pytest

from tests.scenarios.fixes.test_forms import WITH_ACCESSORS, after
from tests.scenarios.fixes.test_rule_pages import fixed
from tests.tiny_models import FAMILY

SETTER = """
    def set_output_embeddings(self, new_embeddings):
        self.lm_head.decoder = new_embeddings
"""
WITH_BIAS = f"{SETTER}        self.lm_head.bias = new_embeddings.bias\n"


def head_module(bias: str) -> str:
    """A head whose linear layer lies in a module of its own, and a model with it that has no setter."""
    return f"""
class Head(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size{bias}


class TinyForMaskedLM(TinyPreTrainedModel):
    _tied_weights_keys = {{"lm_head.decoder.weight": "model.embed_tokens.weight"}}

    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.lm_head = Head(config)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head.decoder
"""


KEY = '"lm_head.decoder.weight": "model.embed_tokens.weight"'
SHARED_BIAS = head_module(")\n        self.bias = self.decoder.bias").replace(
    KEY, f'{KEY}, "lm_head.decoder.bias": "lm_head.bias"'
)
BARE = head_module(", bias=False)")


@pytest.mark.parametrize(
    ("text", "setter"), [(SHARED_BIAS, WITH_BIAS), (head_module(")"), SETTER)], ids=["shared", "its own"]
)
def test_a_bias_that_the_head_may_name_leaves_a_doubt(text: str, setter: str) -> None:
    assert after(text, "5.23.0") == text
    assert after(text, "5.23.0", unsafe=True) == text + setter


def test_so_does_a_parameter_of_that_length_beside_the_head() -> None:
    text = head_module(", bias=False)\n        self.bias = nn.Parameter(torch.zeros(config.vocab_size))")
    assert after(text, "5.23.0") == text
    assert after(BARE, "5.23.0") == BARE + SETTER


def test_another_class_with_that_very_setter_removes_it() -> None:
    other = SHARED_BIAS.partition("\n\n\n")[2].replace("TinyForMaskedLM", "Other") + WITH_BIAS
    assert after(SHARED_BIAS + "\n\n" + other, "5.23.0") == SHARED_BIAS + WITH_BIAS + "\n\n" + other
    plain = other.replace(WITH_BIAS, SETTER)
    assert after(SHARED_BIAS + "\n\n" + plain, "5.23.0") == SHARED_BIAS + "\n\n" + plain


def test_the_setter_that_another_class_has_beside_that_getter_is_taken_over_if_asked() -> None:
    setter = SETTER.replace("new_embeddings", "layer").replace("= layer", "= layer  # alone")
    getter = "\n    def get_output_embeddings(self):\n        return self.lm_head.decoder\n"
    beside = f"\n\nclass Other(nn.Module):{getter}{setter}"
    assert after(SHARED_BIAS + beside, "5.23.0", unsafe=True) == SHARED_BIAS + setter + beside
    elsewhere = beside.replace("return self.lm_head.decoder", "return self.lm_head")
    written = WITH_BIAS.replace("new_embeddings", "layer")
    assert after(SHARED_BIAS + elsewhere, "5.23.0", unsafe=True) == SHARED_BIAS + written + elsewhere


TWO_STACKS = """
class TinySeq2Seq(TinyPreTrainedModel):
    _tied_weights_keys = {"head.weight": "decoder.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.encoder = TinyModel(config)
        self.decoder = TinyModel(config)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.encoder.embed_tokens

    def set_input_embeddings(self, value):
        self.encoder.embed_tokens = value

    def get_output_embeddings(self):
        return self.head
"""


def test_a_head_tied_to_another_embedding_may_need_more_than_setting() -> None:
    assert after(TWO_STACKS, "5.23.0") == TWO_STACKS
    assert "self.head = new_embeddings" in after(TWO_STACKS, "5.23.0", unsafe=True)


def one_weight(setter: str) -> str:
    """A model with three embeddings of one weight and no getter for them."""
    return f"""
class TinyShared(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.shared = nn.Embedding(config.vocab_size, config.hidden_size)
        self.coder = TinyModel(config)
        self.coder.embed_tokens.weight = self.shared.weight
        self.post_init()

    def set_input_embeddings(self, value):
{setter}
"""


ONE, OTHER = "self.shared", "self.coder.embed_tokens"


@pytest.mark.parametrize(
    "setter",
    [
        f"        {OTHER} = value\n        {ONE} = value",
        f"        {ONE} = value\n        {OTHER} = value",
        f"        {ONE} = {OTHER} = value",
        "        if self.config.vocab_size:\n"
        f"            {ONE} = value\n        else:\n            {OTHER} = value",
        "        self.coder.set_input_embeddings(value)",
        f"        {OTHER} = value",
    ],
)
@pytest.mark.parametrize("apart", [False, True])
def test_a_setter_of_several_embeddings_does_not_tell_which_is_meant(apart: bool, setter: str) -> None:
    text = one_weight(setter)
    if apart:
        text = text.replace(f"        {OTHER}.weight = {ONE}.weight\n", "")
    prefix = ("TIE101",)  # which is wrong as well, and not what this is about
    assert "get_input_embeddings" not in after(text, "4.51.3", ignore=prefix)
    assert "get_input_embeddings(self)" in after(text, "4.51.3", unsafe=True, ignore=prefix)


def test_one_that_gives_the_new_one_to_the_first_does() -> None:
    text = one_weight(f"        {ONE} = value\n        {OTHER} = {ONE}")
    assert f"return {ONE}\n" in after(text, "4.51.3")


LACKS_INSIDE = """
class TinyStack(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.text_model = TinyModel(config)
        self.post_init()

    def set_input_embeddings(self, value):
        self.text_model.embed_tokens = value


class TinyForMaskedLM(TinyPreTrainedModel):
    _tied_weights_keys = {"lm_head.weight": "model.text_model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = TinyStack(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, value):
        self.lm_head = value
"""


SETTER_INSIDE = "    def set_input_embeddings(self, value):\n        self.text_model.embed_tokens = value\n"


@pytest.mark.parametrize(
    ("sets", "returns"),
    [
        ("self.text_model.embed_tokens = value", "self.text_model.embed_tokens"),
        ("self.text_model.set_input_embeddings(value)", "self.text_model.get_input_embeddings()"),
        ("return self.text_model.set_input_embeddings(value)", "self.text_model.get_input_embeddings()"),
    ],
)
@pytest.mark.parametrize("release", ["4.51.3", "5.23.0"])
def test_a_part_that_sets_the_embedding_gets_a_getter_like_its_setter(
    release: str, sets: str, returns: str
) -> None:
    setter = SETTER_INSIDE.replace("self.text_model.embed_tokens = value", sets)
    text = LACKS_INSIDE.replace(SETTER_INSIDE, setter)
    getter = f"    def get_input_embeddings(self):\n        return {returns}\n\n"
    assert after(text, release) == text.replace(setter, getter + setter)


def test_the_comment_above_a_setter_stays_with_it() -> None:
    commented = "    # Replaces it.\n    # With its step.\n" + SETTER_INSIDE
    text = LACKS_INSIDE.replace(SETTER_INSIDE, commented)
    getter = "    def get_input_embeddings(self):\n        return self.text_model.embed_tokens\n\n"
    assert after(text, "5.23.0") == text.replace(commented, getter + commented)


def test_where_its_setter_does_more_the_getter_returns_what_it_sets() -> None:
    more = SETTER_INSIDE + "        self.text_model.embed_tokens.scale = 1\n"
    text = LACKS_INSIDE.replace(SETTER_INSIDE, more)
    assert "        return self.text_model.embed_tokens\n" in after(text, "5.23.0")


COMPOSITE = """
from transformers import AutoModelForCausalLM, BertConfig


class CaptionerConfig(PretrainedConfig):
    model_type = "captioner"
    sub_configs = {"text_config": BertConfig}

    def __init__(self, text_config=None, **kw):
        super().__init__(**kw)
        self.text_config = text_config or BertConfig(is_decoder=True)


class Captioner(PreTrainedModel):
    config_class = CaptionerConfig
    base_model_prefix = "captioner"

    def __init__(self, config):
        super().__init__(config)
        self.decoder = AutoModelForCausalLM.from_config(config.text_config)
        self.post_init()

    def get_input_embeddings(self):
        return self.decoder.get_input_embeddings()

    def set_input_embeddings(self, value):
        self.decoder.set_input_embeddings(value)

    def get_output_embeddings(self):
        return self.decoder.get_output_embeddings()

    def set_output_embeddings(self, value):
        self.decoder.set_output_embeddings(value)
"""


def without(text: str, *names: str) -> str:
    """The text without the last methods of these names."""
    for name in names:
        before, _, rest = text.rpartition(f"\n    def {name}")
        text = before + "".join(f"\n    def{part}" for part in rest.split("\n    def")[1:])
    return text


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (without(COMPOSITE, "get_input_embeddings", "set_input_embeddings"), "return self.decoder.bert"),
        (
            COMPOSITE.replace("self.decoder.get_input_embeddings()", "self.decoder"),
            "return self.decoder.bert",
        ),
        (without(COMPOSITE, "get_output_embeddings"), "return self.decoder.get_output_embeddings()"),
        (
            COMPOSITE.replace("self.decoder.get_output_embeddings()", "self.decoder"),
            "return self.decoder.cls",
        ),
    ],
    ids=["TIE002", "TIE104", "TIE001", "TIE103"],
)
def test_what_a_model_of_another_file_calls_its_parts_is_a_guess(text: str, named: str) -> None:
    assert named not in after(text, "4.51.3")
    assert named in after(text, "4.51.3", unsafe=True)


def test_of_one_that_the_file_names_it_is_none() -> None:
    text = without(COMPOSITE, "get_output_embeddings")
    named = text.replace("AutoModelForCausalLM.from_config(", "BertLMHeadModel(")
    named = named.replace("AutoModelForCausalLM", "BertLMHeadModel")
    assert "return self.decoder.cls" in after(named, "4.51.3")


def test_what_the_setter_asks_is_none() -> None:
    text = without(COMPOSITE, "get_input_embeddings")
    assert "return self.decoder.get_input_embeddings()" in after(text, "5.23.0")


def test_a_tie_within_a_part_is_for_the_part_to_declare() -> None:
    part = """
class TinyPart(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.one = nn.Linear(8, 8)
        self.two = nn.Linear(8, 8)
        self.post_init()

    def _tie_weights(self):
        self.two.weight = self.one.weight


class TinyWhole(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.part = TinyPart(config)
        self.post_init()
"""
    silenced = part.replace("PreTrainedModel):", "PreTrainedModel):  # noqa: TIE004", 1)
    assert after(silenced, "4.51.3") == silenced
    assert '"part.' in after(silenced, "4.51.3", unsafe=True)
    assert '"part.' not in after(part, "4.51.3")


def test_a_getter_that_named_a_neighbour_of_the_head_may_mean_it() -> None:
    stack = """
class Stack(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.out = nn.Linear(config.hidden_size, config.vocab_size, bias=False)


class TinyForCausalLM(TinyPreTrainedModel):
    _tied_weights_keys = {"stack.out.weight": "stack.words.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.stack = Stack(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.stack.words

    def set_input_embeddings(self, value):
        self.stack.words = value

    def get_output_embeddings(self):
        return self.stock.NAME

    def set_output_embeddings(self, value):
        self.stack.out = value
"""
    doubtful, clear = stack.replace("NAME", "words"), stack.replace("NAME", "out")
    assert after(doubtful, "5.23.0") == doubtful
    right = stack.replace("stock.NAME", "stack.out")
    assert after(doubtful, "5.23.0", unsafe=True) == right == after(clear, "5.23.0")


@pytest.mark.parametrize(
    "denial",
    [
        "    tie_word_embeddings: bool = False\n",
        "    tie_word_embeddings = False\n",
        "    def __init__(self, tie_word_embeddings=False, **kw):\n        pass\n",
        "    def __init__(self, *, tie_word_embeddings=False, **kw):\n        pass\n",
        "    def __init__(self, **kw):\n        super().__init__(tie_word_embeddings=False, **kw)\n",
    ],
)
def test_a_config_beside_one_that_does_not_tie_may_not_either(denial: str) -> None:
    family = FAMILY.replace(", tie_word_embeddings=True", "")
    family = family.replace("        self.tie_word_embeddings = tie_word_embeddings\n", "")
    other = f"\nclass OtherConfig(PretrainedConfig):\n{denial}"
    text = family + other + WITH_ACCESSORS
    assert fixed(text, "5.23.0").text == text
    agreeing = text.replace("False", "True")
    assert "tie_word_embeddings=tie_word_embeddings" in fixed(agreeing, "5.23.0").text
