"""Unsafe fixes where several would do: the one that the model's own words and structure speak for."""

from __future__ import annotations

import re

import pytest

from tests.scenarios.fixes.test_doubts import SETTER, SHARED_BIAS
from tests.scenarios.fixes.test_forms import after

STACK = """
class Stack(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def get_input_embeddings(self):
        return self.embed_tokens

    def set_input_embeddings(self, value):
        self.embed_tokens = value
"""
SEQ2SEQ = """

class TinySeq2Seq(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.shared = nn.Embedding(config.vocab_size, config.hidden_size)
        self.encoder = Stack(config)
        self.decoder = Stack(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.shared

    def set_input_embeddings(self, value):
        self.shared = value

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, value):
        self.lm_head = value
"""
APART = SEQ2SEQ.replace(
    "        self.shared = nn.Embedding(config.vocab_size, config.hidden_size)\n", ""
).replace("self.shared", "self.encoder.embed_tokens")


def test_an_embedding_beside_those_of_the_parts_is_theirs() -> None:
    assert after(STACK + SEQ2SEQ, "5.23.0") == STACK + SEQ2SEQ
    found = after(STACK + SEQ2SEQ, "5.23.0", unsafe=True)
    for name in ("lm_head", "encoder.embed_tokens", "decoder.embed_tokens"):
        assert f'"{name}.weight": "shared.weight"' in found


def test_without_one_the_head_follows_the_decoder_and_that_the_head_when_it_is_resized() -> None:
    assert after(STACK + APART, "5.23.0") == STACK + APART
    found = after(STACK + APART, "5.23.0", unsafe=True)
    assert '_tied_weights_keys = {"lm_head.weight": "decoder.embed_tokens.weight"}\n' in found
    assert "            self.decoder.embed_tokens.weight = value.weight\n" in found


def test_of_embeddings_that_stand_side_by_side_none_is_drawn_in() -> None:
    text = APART.replace("encoder", "first").replace("decoder", "second")
    found = after(STACK + text, "5.23.0", unsafe=True)
    assert '_tied_weights_keys = {"lm_head.weight": "first.embed_tokens.weight"}\n' in found


def test_the_only_head_is_tied_where_the_embeddings_are() -> None:
    text = APART.replace("return self.lm_head", "return self.decoder.embed_tokens")
    found = after(STACK + text.replace("lm_head = v", "decoder.embed_tokens = v"), "5.23.0", unsafe=True)
    assert '"decoder.embed_tokens.weight": "encoder.embed_tokens.weight"' in found
    assert '"lm_head.weight": "encoder.embed_tokens.weight"' in found


@pytest.mark.parametrize(
    ("text", "held", "others"),
    [
        (SEQ2SEQ, "shared", ["encoder.embed_tokens", "decoder.embed_tokens"]),
        (SEQ2SEQ, "encoder.embed_tokens", ["shared", "decoder.embed_tokens"]),
        (APART, "encoder.embed_tokens", []),
    ],
)
def test_a_setter_gives_the_parts_their_weight_where_the_model_holds_one_itself(
    text: str, held: str, others: list[str]
) -> None:
    keys = f'    _tied_weights_keys = {{"lm_head.weight": "{held}.weight"}}\n\n'
    text = re.sub(
        r"(self\.\S+)(\n\n    def set_input_embeddings.*?\n\n)", rf"self.{held}\n\n", text, flags=re.S
    )
    text = STACK + text.replace("    def __init__", f"{keys}    def __init__")
    assert after(text, "5.23.0") == text
    found = after(text, "5.23.0", unsafe=True).partition("TinySeq2Seq")[2]
    assert f"        self.{held} = value\n" in found
    set_too = re.findall(r"self\.(\S+)\.weight = value\.weight", found)
    assert set_too == others


HEAD = """
class Head(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.NAME = nn.Linear(config.hidden_size, config.vocab_size, bias=False)

    def get_output_embeddings(self):
        return self.out

    def set_output_embeddings(self, new_embeddings):
        self.out = new_embeddings


class TinyForCausalLM(TinyPreTrainedModel):
    _tied_weights_keys = {"head.NAME.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.head = Head(config)
        self.post_init()

    def get_output_embeddings(self):
        return self.head.get_output_embeddings()

    def set_output_embeddings(self, new_embeddings):
        self.head.set_output_embeddings(new_embeddings)
"""


def test_a_getter_that_asks_a_wrong_one_is_mended_there() -> None:
    text = HEAD.replace("NAME", "renamed")
    assert after(text, "5.23.0") == text
    assert after(text, "5.23.0", unsafe=True) == text.replace("self.out", "self.renamed")
    assert after(HEAD.replace("NAME", "out"), "5.23.0", unsafe=True) == HEAD.replace("NAME", "out")


def test_a_getter_means_what_stands_beside_the_head_under_the_name_that_it_gives() -> None:
    text = HEAD.replace("NAME", "out").replace("self.head.get_output_embeddings()", "self.heed.words")
    assert after(text, "5.23.0") == text
    found = after(text, "5.23.0", unsafe=True)
    assert found == text.replace("self.heed.words", "self.head.words")


SWAPPED = """
class TinyCoders(TinyPreTrainedModel):
    _tied_weights_keys = {
        "shared.weight": "encoder.embed_tokens.weight",
        "decoder.embed_tokens.weight": "shared.weight",
    }

    def __init__(self, config):
        super().__init__(config)
        self.shared = nn.Embedding(config.vocab_size, config.hidden_size)
        self.encoder = Stack(config)
        self.decoder = Stack(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.shared

    def set_input_embeddings(self, value):
        self.shared = value


class TinyForSeq2Seq(TinyPreTrainedModel):
    _tied_weights_keys = {"lm_head.weight": "model.shared.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = TinyCoders(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, value):
        self.lm_head = value
"""


def test_an_entry_of_a_model_inside_that_comes_too_late_is_the_wrong_way_round() -> None:
    text = STACK + SWAPPED
    assert after(text, "5.23.0") == text
    turned = '"encoder.embed_tokens.weight": "shared.weight"'
    swapped = '"shared.weight": "encoder.embed_tokens.weight"'
    assert after(text, "5.23.0", unsafe=True) == text.replace(swapped, turned)


def test_unsafe_fixes_are_made_of_what_safe_ones_leave() -> None:
    """Once its getter is fixed the other class says how that head is set."""
    setter = SETTER.replace("= new_embeddings", "= new_embeddings  # alone")
    other = SHARED_BIAS.partition("\n\n\n")[2].replace("TinyForMaskedLM", "Other") + setter
    wrong = other.replace("return self.lm_head.decoder", "return self.lm_head")
    assert after(f"{SHARED_BIAS}\n\n{wrong}", "5.23.0") == f"{SHARED_BIAS}\n\n{other}"
    assert after(f"{SHARED_BIAS}\n\n{wrong}", "5.23.0", unsafe=True) == f"{SHARED_BIAS}{setter}\n\n{other}"


def test_a_model_around_another_leaves_to_that_what_its_setter_replaces() -> None:
    """As ``ProphetNetForConditionalGeneration`` of 5.23.0 with a model around it: its setter sets three."""
    inner = STACK + SEQ2SEQ.replace(
        "        self.shared = value\n",
        "        self.shared = value\n"
        "        self.encoder.embed_tokens = value\n"
        "        self.decoder.embed_tokens = value\n",
    )
    around = """

class TinyAround(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.inner = TinySeq2Seq(config)
        self.post_init()
"""
    found = after(inner + around, "4.51.3", unsafe=True).partition("class TinyAround")[2]
    assert "return self.inner.get_input_embeddings()" in found
    assert "self.inner.set_input_embeddings(value)" in found
    assert "return self.inner.lm_head" in found
