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
