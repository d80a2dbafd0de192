"""A fix never makes a model worse: what was built, saved, loaded or refused aloud is so after it, or better.

What becomes of each text in the library was seen by running it.
"""

from __future__ import annotations

import pytest

from tests.loading.test_round_trip import BY_HAND
from tests.scenarios.fixes.test_rule_pages import PATH, fixed
from tests.tiemap.test_family import composite
from tie_lint.fix.fixer import Fixer
from tie_lint.library.target import Targets
from tie_lint.pipeline.document import TextDocument
from tie_lint.pipeline.linter import Linter
from tie_lint.settings import Settings

RELEASES = pytest.mark.parametrize("release", ["4.51.3", "4.57.6", "5.23.0"])


@RELEASES
def test_a_key_that_lets_a_tie_by_hand_be_saved_and_lost_is_not_declared(release: str) -> None:
    found = fixed(BY_HAND, release)
    assert "_tied_weights_keys" not in found.text
    (reason,) = (reason for finding, reason in found.withheld if finding.code == "TIE004")
    assert reason == f"AcmeForCausalLM ({release}): loading it would lose lm_head.weight"


@RELEASES
def test_if_asked_the_library_ties_instead(release: str) -> None:
    found = fixed(BY_HAND, release, unsafe=True)
    assert found.left == []
    assert "_tied_weights_keys" in found.text
    assert "lm_head.weight = " not in found.text
    assert ("def get_output_embeddings" in found.text) == (release == "4.51.3")


GONE = """
from torch import nn
from transformers import GPT2Model, GPT2PreTrainedModel


class AcmeForCausalLM(GPT2PreTrainedModel):
    _tied_weights_keys = {"lm_head.weight": "transformer.wte.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.transformer = GPT2Model(config)
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings

    def tie_weights(self):
        self._tie_or_clone_weights(self.lm_head, self.transformer.wte)
"""


@pytest.mark.parametrize("unsafe", [False, True])
def test_what_can_not_be_built_then_is_not_offered(unsafe: bool) -> None:
    found = fixed(GONE, "5.23.0", unsafe=unsafe)
    assert found.text == GONE
    assert {finding.code for finding in found.left} == {"TIE303"}
    ((_, reason),) = found.withheld
    assert "TIE006 at line" in reason


ALSO_BY_HAND = (
    GONE.partition("    def tie_weights")[0]
    .replace('    _tied_weights_keys = {"lm_head.weight": "transformer.wte.weight"}\n\n', "")
    .replace("post_init()\n", "post_init()\n        self.transformer.wte.weight = self.lm_head.weight\n")
)


def test_a_loss_under_another_flag_is_no_safe_fix_either() -> None:
    """GPT2's config asks for ties; with ``tie_word_embeddings=False`` saving was refused aloud, and with the
    key alone the head would be lost."""
    assert fixed(ALSO_BY_HAND, "4.51.3").text == ALSO_BY_HAND
    assert "_tied_weights_keys" in fixed(ALSO_BY_HAND, "4.51.3", unsafe=True).text


BY_DATA = """
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class NanoConfig(PretrainedConfig):
    model_type = "nano"

    def __init__(self, vocab_size=64, n_embd=16, tie_word_embeddings={tied}, **kwargs):
        self.vocab_size, self.n_embd = vocab_size, n_embd
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class NanoForCausalLM(PreTrainedModel):
    config_class = NanoConfig

    def __init__(self, config):
        super().__init__(config)
        self.wte = nn.Embedding(config.vocab_size, config.n_embd)
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        self.lm_head.weight.data = self.wte.weight.data
        self.post_init()

    def get_input_embeddings(self):
        return self.wte

    def set_input_embeddings(self, value):
        self.wte = value

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, value):
        self.lm_head = value
"""


@RELEASES
@pytest.mark.parametrize("tied", [True, False])
def test_a_key_for_what_only_shares_its_storage_is_no_safe_fix(release: str, tied: bool) -> None:
    text = BY_DATA.format(tied=tied)
    assert fixed(text, release).text == text


def test_storage_that_is_not_tied_is_lost_once_a_key_lets_it_be_saved() -> None:
    found = fixed(BY_DATA.format(tied=False), "4.51.3", unsafe=True)
    assert [(finding.code, reason) for finding, reason in found.withheld] == [
        ("TIE004", "NanoForCausalLM (4.51.3): loading it would lose lm_head.weight")
    ]


RENAMED = """
from torch import nn
import torch
from transformers import BertConfig, BertModel, BertPreTrainedModel


class Predictions(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))


class AcmeForMaskedLM(BertPreTrainedModel):
    _tied_weights_keys = {
        "cls.decoder.bias": "cls.bias",
        "cls.decoder.weight": "bert.embeddings.word_embeddings.weight",
    }

    def __init__(self, config):
        super().__init__(config)
        self.bert = BertModel(config)
        self.predictions = Predictions(config)
        self.post_init()

    def get_output_embeddings(self):
        return self.predictions.decoder

    def set_output_embeddings(self, new_embeddings):
        self.predictions.decoder = new_embeddings
        self.predictions.bias = new_embeddings.bias
"""


@pytest.mark.parametrize("unsafe", [False, True])
def test_the_key_of_a_bias_does_not_become_that_of_a_weight(unsafe: bool) -> None:
    text = fixed(RENAMED, "5.23.0", unsafe=unsafe).text
    assert text.count('.decoder.weight":') == 1
    assert text.count('.decoder.bias":') == 1


FIXED_SIZE = """
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class AcmeConfig(PretrainedConfig):
    model_type = "acme"

    def __init__(self, hidden_size=16, tie_word_embeddings=True, **kwargs):
        self.hidden_size = hidden_size
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class AcmeLM(PreTrainedModel):
    config_class = AcmeConfig

    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(100, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, 100, bias=False)
        self.head.weight = self.words.weight
        self.post_init()
"""


def test_a_tie_by_hand_stays_where_the_library_would_not_tie_instead() -> None:
    found = fixed(FIXED_SIZE, "4.51.3", unsafe=True)
    assert found.text == FIXED_SIZE
    (reason,) = (reason for finding, reason in found.withheld if finding.code == "TIE108")
    assert reason == "AcmeLM (4.51.3): nothing would tie head.weight and words.weight any more"
    by_keys = fixed(FIXED_SIZE, "5.23.0", unsafe=True)
    assert '_tied_weights_keys = {"head.weight": "words.weight"}' in by_keys.text
    assert "self.head.weight =" not in by_keys.text


PARTS_OF_AN_EMBEDDING = """
from torch import nn
from transformers import BertPreTrainedModel


class Words(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.places = nn.Embedding(128, config.hidden_size)


class Stack(nn.Module):
    def __init__(self, config, words):
        super().__init__()
        self.embed = words
        self.layer = nn.Linear(config.hidden_size, config.hidden_size)

    def set_input_embeddings(self, value):
        self.embed = value


class AcmeModel(BertPreTrainedModel):
    _tied_weights_keys = ["encoder.embed.words.weight", "encoder.embed.places.weight"]

    def __init__(self, config):
        super().__init__(config)
        self.shared = Words(config)
        self.encoder = Stack(config, self.shared)
        self.post_init()

    def get_input_embeddings(self):
        return self.shared

    def set_input_embeddings(self, new_embeddings):
        self.shared = new_embeddings
        self.encoder.set_input_embeddings(new_embeddings)
"""


def test_a_getter_whose_setter_puts_the_embedding_in_the_place_of_more_is_no_safe_fix() -> None:
    found = fixed(PARTS_OF_AN_EMBEDDING, "4.51.3")
    assert "return self.shared\n" in found.text
    assert [one.code for one in found.left] == ["TIE104"]
    assert "return self.shared.words\n" in fixed(PARTS_OF_AN_EMBEDDING, "4.51.3", unsafe=True).text


@RELEASES
def test_a_prefix_by_which_checkpoints_of_the_whole_load_is_left_alone(release: str) -> None:
    """``Llama4ForCausalLM``: with the name of its attribute for a prefix it loads nothing of them (run)."""
    text = composite("model").replace(
        "self.decoder = TinyForCausalLM", "self.language_model = TinyForCausalLM"
    )
    head = "class TinyForCausalLM(TinyPreTrainedModel):\n"
    found = fixed(
        text.replace(head, head + '    base_model_prefix = "language_model"\n'), release, unsafe=True
    )
    assert 'base_model_prefix = "language_model"' in found.text
    assert "TIE101" in {finding.code for finding in found.left}


WRAPPED = """
from torch import nn
from transformers import LlamaModel, LlamaPreTrainedModel


class Inner(LlamaPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.lm_head = nn.Linear(2 * config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings


class Outer(LlamaPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.inner = Inner(config)
        self.post_init()

    def forward(self, input_ids):
        return self.inner(input_ids)
"""


def test_a_getter_that_lets_a_model_be_resized_but_for_the_head_inside_is_no_safe_fix() -> None:
    """Run in 4.51.3: as it is, resizing raises; with the getter alone, the head keeps its rows."""
    found = fixed(WRAPPED, "4.51.3")
    assert found.text == WRAPPED
    assert "TIE002" in [finding.code for finding in found.left]
    assert "return self.inner.model.embed_tokens" in fixed(WRAPPED, "4.51.3", unsafe=True).text


SHARED = """
from torch import nn
from transformers import BartConfig, BartPreTrainedModel


class Stack(BartPreTrainedModel):
    def __init__(self, config, shared):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.d_model)
        self.embed_tokens.weight = shared.weight


class AcmeModel(BartPreTrainedModel):
    _tied_weights_keys = ["encoder.embed_tokens.weight"]

    def __init__(self, config):
        super().__init__(config)
        self.shared = nn.Embedding(config.vocab_size, config.d_model)
        self.encoder = Stack(config, self.shared)
        self.post_init()

    def _tie_weights(self):
        self._tie_or_clone_weights(self.encoder.embed_tokens, self.shared)

    def get_input_embeddings(self):
        return self.encoder

    def set_input_embeddings(self, value):
        self.shared = value
        self.encoder.embed_tokens = self.shared

    def forward(self, input_ids):
        return self.shared(input_ids)
"""


def test_a_wrong_getter_returns_what_the_setter_takes() -> None:
    found = fixed(SHARED, "4.51.3")
    assert found.text == SHARED.replace("return self.encoder\n", "return self.shared\n")


OWN_POST_INIT = (
    GONE.partition("\n    def tie_weights")[0]
    .replace("        self.post_init()\n", "")
    .replace(
        "class Acme", "class OwnHook(nn.Module):\n    def post_init(self):\n        pass\n\n\nclass Acme"
    )
    .replace("(GPT2Pre", "(OwnHook, GPT2Pre")
)


@RELEASES
def test_a_call_that_does_not_reach_the_library_is_not_added(release: str) -> None:
    """The finding would only be put in other words."""
    found = fixed(OWN_POST_INIT, release, unsafe=True)
    assert found.text == OWN_POST_INIT
    (reason,) = (reason for finding, reason in found.withheld if finding.code == "TIE005")
    assert "would bring TIE005 at line" in reason and "OwnHook overrides it" in reason


DERIVED = """
from transformers.models.mllama.modeling_mllama import MllamaForCausalLM, MllamaForConditionalGeneration


class AcmeForCausalLM(MllamaForCausalLM):
    pass


class AcmeForConditionalGeneration(MllamaForConditionalGeneration):
    pass
"""


def test_nor_where_the_whole_holds_a_base_of_the_class() -> None:
    """As ``GaudiMllamaForCausalLM`` of optimum-habana: with the prefix "model" all is missing (run)."""
    found = fixed(DERIVED, "4.51.3", unsafe=True)
    assert found.text == DERIVED
    assert ("TIE101", "AcmeForCausalLM") in {(one.code, one.class_name) for one in found.left}


GIVEN = """
from torch import nn
from transformers import GPT2PreTrainedModel


class AcmeForInference(GPT2PreTrainedModel):
    def __init__(self, config, transformer, norm, linear):
        super().__init__(config)
        self.transformer = transformer
        self.head = nn.Sequential(norm, linear)

    def forward(self, input_ids):
        return self.head(self.transformer(input_ids))
"""


def test_no_call_is_added_that_would_initialise_trained_parts_anew() -> None:
    """As ``GPT2InferenceModel`` of coqui-tts: a head that is given to it holds other numbers then (run)."""
    found = fixed(GIVEN, "5.23.0", unsafe=True)
    assert found.text == GIVEN
    assert {finding.code for finding in found.left} == {"TIE005"}


def test_a_number_that_is_given_is_no_part() -> None:
    """As ``BertLinear`` of Fengshenbang-LM, which has to be given ``num_labels``."""
    text = GIVEN.replace("transformer, norm, linear):", "num_labels):")
    text = text.replace("= transformer\n", "= GPT2Model(config)\n        self.num_labels = num_labels\n")
    text = text.replace("nn.Sequential(norm, linear)", "nn.Linear(config.n_embd, num_labels)")
    text = text.replace("import GPT2Pre", "import GPT2Model, GPT2Pre")
    assert "self.post_init()" in fixed(text, "5.23.0", unsafe=True).text


HALVES = """
from torch import nn
from transformers import BertConfig, PreTrainedModel


class Acme(PreTrainedModel):
    config_class = BertConfig
    _tied_weights_keys = {"output_layer.weight": "words.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.output_layer = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def forward(self, input_ids):
        return self.output_layer(self.words(input_ids))
"""


def test_a_setter_alone_is_no_safe_fix_where_the_head_would_be_left_behind() -> None:
    """As in ``ChatGLMModel``: resizing raised, and would leave the head of which TIE001 speaks (run)."""
    linter = Linter(Settings(PATH.parent), Targets(("4.51.3",), ""))
    offered = Fixer(linter, TextDocument(PATH, HALVES, PATH.name)).with_fixes()
    assert {one.code: one.fix and one.fix.safe for one in offered} == {"TIE001": True, "TIE402": False}
    assert fixed(HALVES, "4.51.3").left == []
