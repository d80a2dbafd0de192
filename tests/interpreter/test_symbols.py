"""Symbols: what a config leaves open costs no tie, and two sizes of one name are one."""

from __future__ import annotations

import pytest

from tests.tiny_models import ties, weights

LINEAR = "nn.Linear(8, 8, bias=False)"
TIE = f"self.a = {LINEAR}\nself.b = self.a\n"

BESIDE = {
    "a list as long as the config says": f"self.l = nn.ModuleList([{LINEAR} for _ in range(config.depth)])",
    "a loop": f"self.l = nn.ModuleList()\nfor i in range(config.depth):\n    self.l.append({LINEAR})",
    "sizes": "self.l = nn.ModuleList([nn.Linear(n, n) for n in config.sizes])",
    "pairs": "self.l = nn.ModuleList(nn.Linear(i, n) for i, n in enumerate(config.sizes))",
    "unpacked": "w, h, d = config.box\nself.l = nn.Linear(w * h, d)",
    "past the sample": (
        f"self.l = nn.ModuleList([{LINEAR} for _ in range(config.depth)])\nself.n = self.l[7] is None"
    ),
    "arithmetic": "self.l = nn.Linear(config.width // config.heads * 2, int(config.width * 0.5))",
    "a class in a function": "class Own(nn.Module):\n    pass\nself.l = Own()",
    "a match": (
        "match 3:\n    case 1 | 2:\n        self.b = None\n    case [x]:\n        self.b = None\n"
        f"    case int():\n        self.l = {LINEAR}"
    ),
    "nonlocal": "n = 1\ndef more():\n    nonlocal n\n    n = n + 1\nmore()\nif n == 1:\n    self.b = None",
}


@pytest.mark.parametrize("init", BESIDE.values(), ids=BESIDE)
def test_what_the_config_leaves_open_costs_no_tie(init: str) -> None:
    assert ties(TIE + init) == weights("a", "b")


def test_items_of_a_list_of_unknown_length_share_what_they_are_given() -> None:
    init = f"x = {LINEAR}\nself.l = nn.ModuleList([x for _ in range(config.depth)])"
    assert ties(init) == weights("l.0", "l.1")


def test_equal_symbols_are_equal() -> None:
    assert ties(f"self.a = {LINEAR}\nif config.width == config.width:\n    self.b = self.a") == weights(
        "a", "b"
    )


def test_of_different_symbols_nothing_is_known() -> None:
    assert ties(f"self.a = {LINEAR}\nif config.width == config.depth:\n    self.b = self.a") is None


EITHER = {
    "made in a branch": f"if config.flag:\n    self.x = {LINEAR}",
    "made in both": f"if config.flag:\n    self.x = {LINEAR}\nelse:\n    self.x = nn.Identity()",
    "a number": "if config.flag:\n    self.n = config.width * 2\nelse:\n    self.n = None",
}


@pytest.mark.parametrize("init", EITHER.values(), ids=EITHER)
def test_what_a_branch_makes_for_itself_costs_no_tie(init: str) -> None:
    assert ties(TIE + init) == weights("a", "b")


MAY_SHARE = {
    "in the second branch": (
        f"self.a = {LINEAR}\nif config.flag:\n    self.b = {LINEAR}\nelse:\n    self.b = self.a"
    ),
    "in the first branch": (
        f"self.a = {LINEAR}\nif config.flag:\n    self.b = self.a\nelse:\n    self.b = {LINEAR}"
    ),
    "what was there": f"{TIE}if config.flag:\n    self.b = {LINEAR}",
    "twice": f"if config.flag:\n    self.a = {LINEAR}\nself.b = self.a",
    "one weight": f"self.a = {LINEAR}\nif config.flag:\n    self.b = {LINEAR}\nself.a.weight = self.b.weight",
    "a local": f"x = {LINEAR}\nif config.flag:\n    self.a = x\n    self.b = x",
}


@pytest.mark.parametrize("init", MAY_SHARE.values(), ids=MAY_SHARE)
def test_what_a_branch_may_share_is_not_known(init: str) -> None:
    assert ties(init) is None


def test_a_number_under_an_unknown_key_costs_no_tie() -> None:
    assert ties(TIE + "d = {}\nd[config.name] = 1\nself.n = d.get('x', 2)") == weights("a", "b")


@pytest.mark.parametrize(
    "read", ["d['x']", "d.get('x')", "d.pop('x', None)", "list(d.values())[0]"], ids=lambda text: text
)
def test_a_module_under_an_unknown_key_may_be_found_under_any(read: str) -> None:
    assert ties(f"d = {{}}\nself.a = {LINEAR}\nd[config.name] = self.a\nself.b = {read}") in (
        None,
        weights("a", "b"),
    )


def test_a_tokenizer_is_no_module() -> None:
    init = "from transformers import AutoTokenizer\nself.t = AutoTokenizer.from_pretrained(config.name)"
    assert ties(TIE + init) == weights("a", "b")
