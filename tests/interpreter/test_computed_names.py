"""Attributes under names that are computed: what is not known costs no more than it has to."""

from __future__ import annotations

import pytest

from tests.tiny_models import ERAS, HEAD, TIED, built, mapped, ties

BEFORE = "import os\nWHO_KNOWS = os.uname().nodename\n"
LINEAR = "nn.Linear(8, 8, bias=False)"

HARMLESS = {
    "a number": "setattr(self, WHO_KNOWS, 3)",
    "a module of its own": f"setattr(self, f'x{{WHO_KNOWS}}', {LINEAR})",
    "a module of a part": f"self.part = {LINEAR}\nsetattr(self.part, 'x' + WHO_KNOWS, {LINEAR})",
    "add_module": f"self.add_module('x_%s' % WHO_KNOWS, {LINEAR})",
    "register_parameter": "self.register_parameter('x{}'.format(WHO_KNOWS), nn.Parameter(torch.zeros(2)))",
    "register_buffer": "self.register_buffer('x' + WHO_KNOWS, torch.zeros(2))",
    "an item of a ModuleDict": f"self.d = nn.ModuleDict()\nself.d[WHO_KNOWS] = {LINEAR}",
    "a ModuleDict of a literal": f"self.d = nn.ModuleDict({{WHO_KNOWS: {LINEAR}}})",
    "a ModuleDict of a comprehension": f"self.d = nn.ModuleDict({{WHO_KNOWS + n: {LINEAR} for n in 'ab'}})",
    "an attribute of the config": "setattr(config, 'x' + WHO_KNOWS, 3)",
}


@pytest.mark.parametrize("init", HARMLESS.values(), ids=HARMLESS)
def test_what_ties_nothing_costs_nothing(init: str) -> None:
    assert ties(init, before=BEFORE) == []


IN_QUESTION = {
    "a module that is there": f"self.a = {LINEAR}\nsetattr(self, WHO_KNOWS, self.a)",
    "a module that holds one": f"self.a = {LINEAR}\nsetattr(self, WHO_KNOWS, nn.Sequential(self.a))",
    "one under two such names": f"a = {LINEAR}\nfor x in 'xy':\n    setattr(self, x + WHO_KNOWS, a)",
    "one that is read again": f"setattr(self, WHO_KNOWS, {LINEAR})\nself.a = getattr(self, WHO_KNOWS)",
    "a parameter": f"self.a = {LINEAR}\nself.register_parameter(WHO_KNOWS, self.a.weight)",
    "an item": f"self.a = {LINEAR}\nself.d = nn.ModuleDict()\nself.d[WHO_KNOWS] = self.a",
}


@pytest.mark.parametrize("init", IN_QUESTION.values(), ids=IN_QUESTION)
def test_what_may_tie_is_unknown_and_says_why(init: str) -> None:
    found = built(init, before=BEFORE)
    assert found.ties is None
    assert any("os.uname(…).nodename" in cause.text for cause in found.reasons["ties"])


def test_a_key_may_name_what_was_given_a_computed_name() -> None:
    found = built(f"setattr(self, WHO_KNOWS, {LINEAR})\nself.a = self.lm_head", before=BEFORE)
    assert not found.raises


FLAG = """
class OtherConfig(TinyConfig):
    def __init__(self, **kw):
        super().__init__(**kw)
        setattr(self, NAME, 3)

class OtherForCausalLM(TinyForCausalLM):
    config_class = OtherConfig
"""


@pytest.mark.parametrize("release", ERAS)
def test_an_attribute_of_a_config_may_be_the_flag_if_it_may_be_called_so(release: str) -> None:
    known, unknown = (
        mapped(BEFORE + HEAD + FLAG.replace("NAME", name), "OtherForCausalLM", release)
        for name in ("f'x_{WHO_KNOWS}'", "WHO_KNOWS")
    )
    assert known.ties == TIED
    assert unknown.ties is None
