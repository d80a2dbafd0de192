"""What code that is not read makes: new where it is given nothing of the model, and else maybe shared."""

from __future__ import annotations

import pytest

from tests.tiny_models import MAPPING, built, ties, weights

LINEAR = "nn.Linear(8, 8, bias=False)"
UNREAD = """
import acme
from acme import Registry

LAYERS = Registry("layers")

class Plain:
    kind = "linear"

class OwnRegistry(Registry):
    def build(self, config):
        return self.make(self.find(config.kind), config)

OWN = OwnRegistry()
"""

ITS_OWN = {
    "a function": "self.x = acme.layer(Plain())",
    "a function given names and classes": "self.x = acme.layer('gelu', [1, 2], of=nn.Linear)",
    "two calls": "self.x = acme.layer(Plain())\nself.y = acme.layer(Plain())",
    "a method of an object of the module": "self.x = LAYERS.build(Plain())\nself.y = LAYERS.build(Plain())",
    "a method of a base that is not read": "self.x = OWN.build(Plain())\nself.y = OWN.build(Plain())",
    "a list of calls": "self.x = nn.ModuleList([acme.layer(Plain()) for _ in range(3)])",
}
MAYBE_SHARED = {
    "a function given a config, which may build a model": "self.x = acme.layer(config)",
    "a function given a config inside": "self.x = acme.layer(of=[config.text_config])",
    "a function given a module": "self.x = acme.layer(self.a)",
    "one value at two places": "self.x = self.y = acme.layer(Plain())",
    "a part of a value that is there": "self.x = acme.layer(Plain())\nself.y = self.x.head",
    "what a value that is there hands out": "self.x = acme.layer(Plain())\nself.y = self.x.get_head()",
    "two that are given one": "z = acme.layer(Plain())\nself.x = acme.wrap(z)\nself.y = acme.wrap(z)",
    "a module that is put into it": "self.x = acme.layer(Plain())\nself.x.head = self.a",
    "a function that is given a way to a module": "self.x = acme.layer(lambda: self.a)",
    "one attribute of an object at two places": "self.x = OWN.layer\nself.y = OWN.layer",
}


@pytest.mark.parametrize("made", ITS_OWN.values(), ids=ITS_OWN)
def test_what_is_made_of_plain_values_costs_no_tie(made: str) -> None:
    assert ties(f"self.a = {LINEAR}\nself.b = self.a\n{made}", before=UNREAD) == weights("a", "b")


@pytest.mark.parametrize("made", MAYBE_SHARED.values(), ids=MAYBE_SHARED)
def test_what_may_hold_a_part_of_the_model_leaves_ties_unknown(made: str) -> None:
    assert ties(f"self.a = {LINEAR}\nself.b = self.a\n{made}", before=UNREAD) is None


def test_a_pattern_for_what_may_be_there_does_not_raise() -> None:
    init = f"self.a = {LINEAR}\nself.b = acme.layer(Plain())"
    methods = '_tied_weights_keys = {"b.bias": "a.w[e]ight"}'
    causes = built(init, before=UNREAD, methods=methods, release=MAPPING).reasons["ties_if_tied"]
    assert causes[0].text.startswith("the tie of b.bias to a.w[e]ight: b: acme.layer")


def test_an_object_is_of_no_class_that_derives_from_its_own_foreign_base() -> None:
    before = "from acme import Dict\nclass One(Dict):\n    pass\nclass Two(Dict):\n    pass"
    assert (
        ties(f"self.a = {LINEAR}\nif isinstance(One(), Two):\n    self.a = nn.Linear(1, 1)", before=before)
        == []
    )


def test_what_a_foreign_init_is_given_is_not_what_the_class_says() -> None:
    before = "from acme import Dict\nclass One(Dict):\n    share = False"
    init = f"self.a = {LINEAR}\nself.b = {LINEAR}\nif One(share=config.share).share:\n    self.b = self.a"
    assert ties(init, before=before) is None
    assert ties(init.replace("share=config.share", ""), before=before) == []


def test_a_number_that_may_be_set_is_no_module() -> None:
    init = f"self.a = {LINEAR}\nif acme.ask():\n    self.size = config.hidden_size"
    assert ties(init, before=UNREAD) == []
    assert ties(init.replace("config.hidden_size", "self.a"), before=UNREAD) is None


KNOWN = {
    "a long comprehension of plain values": "self.names = [str(i) for i in range(9000)]",
    "an element of a tensor": "t = torch.zeros((4, 4))\nt[acme.row(), 0] = acme.cell()",
    "a mark that is set on every module": (
        "def mark(module):\n    module._is_hf_initialized = True\nself.apply(mark)"
    ),
    "a number of a foreign object at two places": (
        "n = OWN.size\nself.x = nn.Linear(n, 8, bias=False)\nself.y = nn.Linear(8, n, bias=False)"
    ),
}


@pytest.mark.parametrize("done", KNOWN.values(), ids=KNOWN)
def test_what_holds_no_part_of_the_model_costs_nothing(done: str) -> None:
    assert ties(f"self.a = {LINEAR}\nself.b = self.a\n{done}", before=UNREAD) == weights("a", "b")


def test_a_long_comprehension_of_modules_is_given_up() -> None:
    assert ties("self.x = nn.ModuleList([nn.Linear(8, 8) for _ in range(9000)])") is None


@pytest.mark.parametrize(
    ("body", "known"), [("return super().save_pretrained(path)", True), ("return acme.write(self)", None)]
)
def test_who_saves_otherwise_is_not_known_to_save(body: str, known: bool | None) -> None:
    methods = f"def save_pretrained(self, path):\n    {body}"
    assert built(f"self.a = {LINEAR}", before=UNREAD, methods=methods).saves is known
