"""From a finding to the places that it is about."""

from __future__ import annotations

import inspect

import pytest

from tests.conftest import Write
from tests.tiny_models import FAMILY
from tie_lint.api import Configuration, explain_paths

HEAD = """
class TinyForCausalLM(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.{attribute} = TinyModel(config)
        {head}
        self.post_init()
{more}
"""
LINEAR = "self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)"
GETTER = """
    def get_output_embeddings(self):
        return self.head
"""


def places(write: Write, text: str, code: str, release: str = "4.51.3") -> dict[str, str]:
    """The source lines that the findings of a rule are said to be about, each with what is said."""
    write("tiny.py", text)
    lines = text.splitlines()
    found = explain_paths(["tiny.py"], Configuration(isolated=True, transformers=release))
    return {
        lines[place["line"] - 1].strip(): place["text"]
        for explanation in found
        for finding in explanation.facts["findings"]
        if finding["code"] == code
        for place in finding["related"]
    }


@pytest.mark.parametrize(
    "head", [LINEAR, f"{LINEAR[: LINEAR.index(' =')]}: nn.Module{LINEAR[LINEAR.index(' =') :]}"]
)
def test_a_head_that_no_getter_returns_is_where_it_is_made(write: Write, head: str) -> None:
    text = FAMILY + HEAD.format(attribute="model", head=head, more="")
    assert places(write, text, "TIE001") == {head: "the head, self.head, is made here"}


def test_a_prefix_leads_to_its_declaration_and_to_the_backbone(write: Write) -> None:
    text = FAMILY + HEAD.format(attribute="body", head=LINEAR, more=GETTER)
    found = places(write, text, "TIE101")
    assert found["self.body = TinyModel(config)"] == "the backbone, self.body, is made here"
    assert 'base_model_prefix = "model"' in found or "class TinyForCausalLM(TinyPreTrainedModel):" in found


def test_missing_keys_lead_to_both_ends_of_the_tie(write: Write) -> None:
    text = FAMILY + HEAD.format(attribute="model", head=LINEAR, more=GETTER)
    assert [*places(write, text, "TIE004").values()] == [
        "the head, self.head, is made here",
        "the input embedding, self.model.embed_tokens, is made here",
    ]


def test_an_element_of_a_list_leads_to_the_list(write: Write) -> None:
    head = "self.heads = nn.ModuleList([nn.Linear(config.hidden_size, config.vocab_size, bias=False)])"
    more = inspect.cleandoc(GETTER).replace("self.head", "self.heads[0]").replace("def", "    def", 1)
    more = more.replace("\n    return", "\n        return")
    text = FAMILY + HEAD.format(attribute="model", head=head, more=f"\n{more}\n")
    assert head in places(write, text, "TIE004")
