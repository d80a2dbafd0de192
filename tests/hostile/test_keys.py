"""Keys of any type, any number, and patterns that a backtracking engine does not end on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.bounded import CLASSIC, MAPPING, answers
from tests.hostile.counting import BETWEEN, growth
from tests.hostile.texts import EMBEDDING, HEAD, family

NO_STRINGS = {
    "a number": '{"lm_head.weight": 1.5}',
    "None, and a name of nothing": '{"lm_head.weight": None, "x": self}',
    "a list": '{"lm_head.weight": ["model.embed_tokens.weight"]}',
    "a surrogate": r'{"\ud800": "\x00[0-9]"}',
    "numbers": "[1, None, 2.5]",
    "a number as a key": '{1: "model.embed_tokens.weight"}',
    "a tuple as a key": '{("a", "b"): "model.embed_tokens.weight"}',
    "a property": "property(lambda self: {})",
    "a number alone": "5",
    "a string alone": '"lm_head.weight"',
    "bytes": 'b"lm_head.weight"',
    "a function": "lambda self: []",
}


@pytest.mark.parametrize("release", [CLASSIC, MAPPING])
@pytest.mark.parametrize("keys", NO_STRINGS.values(), ids=NO_STRINGS)
def test_keys_that_are_no_strings(tmp_path: Path, keys: str, release: str) -> None:
    found = answers(tmp_path, family(keys=keys), release).classes["Head"]
    assert (found["input_embeddings"], found["output_embeddings"]) == (EMBEDDING, HEAD)


LONG_NAMES = f"""
self.{"a" * 36} = nn.Linear(1, 1)
self.{"_".join(["lm_head"] * 7)} = nn.Linear(1, 1)
"""
CATASTROPHIC = ["(a+)+$", r"(\w+\.?)+@", r"(.*)*(.*)*(.*)*\d", "(a|a)+$", "(a|aa)+$", r"(\w|_)*\d\Z"]
OVERSIZED = ["a{4294967295}", "a{99999999999999999999}", "(a{1000}){1000}", "((((a{99}){99}){99}){99})", "("]


@pytest.mark.parametrize("pattern", [*CATASTROPHIC, *OVERSIZED])
def test_a_pattern_of_a_list_is_searched_for_in_bounded_time(tmp_path: Path, pattern: str) -> None:
    text = family(keys=f'[r"{pattern}", "lm_head.weight"]', head=LONG_NAMES)
    assert answers(tmp_path, text, CLASSIC).classes["Head"]["output_embeddings"] == HEAD


@pytest.mark.parametrize("pattern", [*CATASTROPHIC, *OVERSIZED])
@pytest.mark.parametrize("keys", ['{{r"{}": "model.embed_tokens.weight"}}', '{{"lm_head.weight": r"{}"}}'])
def test_a_pattern_of_a_mapping_is_matched_in_bounded_time(tmp_path: Path, keys: str, pattern: str) -> None:
    text = family(keys=keys.format(pattern), head=LONG_NAMES)
    assert answers(tmp_path, text).classes["Head"]["output_embeddings"] == HEAD


@pytest.mark.parametrize("call", ["re.search(p, s)", "re.match(p, s)", "re.sub(p, '', s)", "re.compile(p)"])
def test_a_pattern_in_a_constructor_is_bounded(tmp_path: Path, call: str) -> None:
    init = f"p, s = '(a+)+$', '{'a' * 40}b'\nself.x = {call}"
    found = answers(tmp_path, family(backbone=init)).classes["Head"]
    assert (found["input_embeddings"], found["output_embeddings"]) == (EMBEDDING, HEAD)


MANY = "self.layers = nn.ModuleList([nn.Linear(1, 1) for _ in range({})])"
OF_NOTHING = [
    ('[f"a{{i}}.weight" for i in range({})]', CLASSIC),
    ('{{f"a{{i}}.weight": f"b{{i}}.weight" for i in range({})}}', MAPPING),
    ('{{f"layers.{{i}}.weight.*": "model.embed_tokens.weight" for i in range({})}}', MAPPING),
]


@pytest.mark.parametrize(("keys", "release"), OF_NOTHING, ids=["list", "mapping", "patterns"])
def test_keys_that_match_nothing_take_no_longer_than_a_class_may(
    tmp_path: Path, keys: str, release: str
) -> None:
    text = family(keys=keys.format(4_999), head=MANY.format(4_999))
    found = answers(tmp_path, text, release, class_time_limit=0.1).classes["Head"]
    assert found["output_embeddings"] in (HEAD, "unknown")


def test_each_key_that_matches_nothing_is_found(tmp_path: Path) -> None:
    text = family(keys=OF_NOTHING[0][0].format(30), head=MANY.format(30))
    found = answers(tmp_path, text, CLASSIC)
    assert [one["code"] for one in found.findings].count("TIE102") == 30
    assert found.classes["Head"]["output_embeddings"] == HEAD


def test_keys_that_match_nothing_cost_no_more_than_their_number(tmp_path: Path) -> None:
    of_keys = growth(
        tmp_path,
        lambda count: family(keys=OF_NOTHING[0][0].format(count), head=MANY.format(10)),
        10,
        CLASSIC,
    )
    assert of_keys < BETWEEN
