"""What is set aside as no disagreement has its reason, each code of it."""

from __future__ import annotations

import pytest

from tests.lab.mutants.known_differences import Case, excepted
from tests.lab.mutants.mutant import Mutant
from tests.lab.mutants.records import Outcome

AROUND = Outcome(Mutant("luke.modeling_luke", "wrap-model-with-accessors", "LukeForMaskedLM"), [], [])


@pytest.mark.parametrize(("known", "right"), [({"TIE202"}, True), (set(), False)])
def test_each_code_said_of_what_does_not_break_has_a_reason(known: set[str], right: bool) -> None:
    said = frozenset({"TIE004", "TIE101"})
    assert excepted(Case("5.23.0", AROUND, "", "", said, frozenset(known))) is right


MODEL = """
class {name}(PreTrainedModel):
    _tied_weights_keys = {{"{head}.weight": "{source}.weight"}}

    def __init__(self, config):
        self.{head} = nn.Linear(2, 4)
"""


@pytest.mark.parametrize(
    ("module", "name", "head", "source", "right"),
    [
        ("granite_speech5.modeling_granite_speech5", "GraniteSpeech5ForCTC", "ctc_head", "encoder.out", True),
        ("llama.modeling_llama", "LlamaForCausalLM", "lm_head", "model.embed_tokens", False),
    ],
)
def test_a_tie_without_a_token_embedding_is_written_down_in_the_keys_alone(
    module: str, name: str, head: str, source: str, right: bool
) -> None:
    text = MODEL.format(name=name, head=head, source=source)
    lost = Outcome(Mutant(module, "delete-tied-keys", name), [name], ["ties"])
    assert excepted(Case("5.23.0", lost, text, "", frozenset(), frozenset())) is right


THINKER = "qwen3_omni_moe.modeling_qwen3_omni_moe", "Qwen3OmniMoeThinkerForConditionalGeneration"


@pytest.mark.parametrize(
    ("holder", "right"), [("Qwen3OmniMoeForConditionalGeneration", True), ("Pair", False)]
)
def test_a_loss_that_shows_in_a_model_alone_that_the_library_cannot_build(holder: str, right: bool) -> None:
    """As the same mutant of Qwen2.5, whose holder can be built and loses the tie."""
    module, name = THINKER
    text = f"class {name}: pass\nclass {holder}:\n    part = {name}\n"
    loads_itself = Outcome(Mutant(module, "own-from-pretrained", name), [], [])
    assert excepted(Case("5.23.0", loads_itself, text, "", frozenset({"TIE005"}), frozenset())) is right


@pytest.mark.parametrize("release", ["4.51.3", "5.23.0"])
@pytest.mark.parametrize("own", ["resize_token_embeddings", "tie_weights"])
def test_a_getter_that_only_code_of_the_classs_own_would_ask(release: str, own: str) -> None:
    """As TransfoXL of 4.51.3, which ties and resizes by code of its own; in 5.x the getter ties nothing."""
    both = f"class Base:\n    def {own}(self): pass\nclass Model(Base):\n    def tie_weights(self): pass\n"
    lost = Outcome(
        Mutant("tiny.modeling_tiny", "delete-output-getter", "Model"), ["Model"], ["output-getter"]
    )
    right = own == "resize_token_embeddings"
    assert excepted(Case(release, lost, both, "", frozenset(), frozenset())) is right
    alone = both.replace("class Model(Base):\n    def tie_weights(self): pass\n", "class Model(Base): pass\n")
    right = right and release >= "5"
    assert excepted(Case(release, lost, alone, "", frozenset(), frozenset())) is right


RENAMED = Mutant("prophetnet.modeling_prophetnet", "rename-head", "ProphetNetForCausalLM")


@pytest.mark.parametrize(("release", "right"), [("4.51.3", True), ("5.23.0", False)])
def test_what_a_load_leaves_without_values_cannot_be_seen_without(release: str, right: bool) -> None:
    case = Case(release, Outcome(RENAMED, [], []), "", "", frozenset({"TIE108"}), frozenset())
    assert excepted(case) is right
