"""Python that is legal is answered, however long its chains and however odd its classes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.hostile.bounded import CLASSIC, MAPPING, answers
from tests.hostile.texts import (
    EMBEDDING,
    HEAD,
    IMPORT,
    alias_chain,
    chain,
    class_chain,
    elif_chain,
    family,
    in_class_body,
)

LONG_CHAINS = {
    "1000 and": in_class_body(chain(" and ", 1_000)),
    "10000 and": in_class_body(chain(" and ", 10_000)),
    "3000 or": in_class_body(chain(" or ", 3_000)),
    "3000 plus": in_class_body(chain(" + ", 900)),
    "10000 and as a decorator": f"{IMPORT}@({chain(' and ', 10_000)})\nclass A(PreTrainedModel): pass\n",
    "10000 adjacent strings": in_class_body("'a' " * 10_000),
    "3000 adjacent f-strings": in_class_body("f'{a}' " * 3_000),
    "1000 elif": elif_chain(1_000),
    "2000 aliases": alias_chain(2_000),
    "300 decorators": IMPORT + "@d\n" * 300 + "class A(PreTrainedModel): pass\n",
}


@pytest.mark.parametrize("text", LONG_CHAINS.values(), ids=LONG_CHAINS)
def test_a_long_chain(tmp_path: Path, text: str) -> None:
    assert "A" in answers(tmp_path, text).classes


@pytest.mark.parametrize(
    "text",
    [
        f"{IMPORT}class A({chain(' and ', 10_000, last='PreTrainedModel')}): pass\n",
        f"{IMPORT}B = {chain(' and ', 10_000, last='PreTrainedModel')}\nclass A(B): pass\n",
    ],
    ids=["as a base", "of the module"],
)
def test_a_base_that_hangs_on_10000_unknown_names(tmp_path: Path, text: str) -> None:
    """Nobody knows what it is, and no harm is done."""
    assert not answers(tmp_path, text).classes


@pytest.mark.parametrize("expression", [chain(" and ", 10_000), "'a' " * 10_000], ids=["and", "strings"])
def test_a_long_chain_in_a_constructor_costs_one_value(tmp_path: Path, expression: str) -> None:
    found = answers(tmp_path, family(backbone=f"self.x = {expression}")).classes["Head"]
    assert (found["input_embeddings"], found["output_embeddings"]) == (EMBEDDING, HEAD)


def test_a_chain_of_more_classes_than_frames_may_be_nested(tmp_path: Path) -> None:
    count = sys.getrecursionlimit() + 200
    assert len(answers(tmp_path, IMPORT + "".join(class_chain(count))).classes) == count


def test_so_it_is_where_the_last_of_them_comes_first(tmp_path: Path) -> None:
    count = sys.getrecursionlimit() + 200
    assert len(answers(tmp_path, IMPORT + "".join(reversed(class_chain(count)))).classes) == count


ODD_TEXTS = {
    "a metaclass of its own": (
        f"{IMPORT}class Meta(type): pass\nclass A(PreTrainedModel, metaclass=Meta): pass\n"
    ),
    "a metaclass that nothing defines": f"{IMPORT}class A(PreTrainedModel, metaclass=Meta): pass\n",
    "a child of a class with a metaclass": (
        f"{IMPORT}class B(PreTrainedModel, metaclass=Meta): pass\nclass A(B): pass\n"
    ),
    "a __new__ that asks its base": (
        f"{IMPORT}class A(PreTrainedModel):\n"
        "    def __new__(cls, *args, **kwargs):\n        return super().__new__(cls)\n"
    ),
    "a __new__ that asks object": (
        f"{IMPORT}class A(PreTrainedModel):\n"
        "    def __new__(cls, *args, **kwargs):\n        return object.__new__(cls)\n"
    ),
    "a __new__ that gives something unknown": (
        f"{IMPORT}class A(PreTrainedModel):\n    def __new__(cls, config): return elsewhere\n"
    ),
}


@pytest.mark.parametrize(
    "made", ["type('X', (made(n + 1),), {})", "made(n + 1)", "[made(n + 1) for _ in range(2)][0]"]
)
def test_a_base_of_a_function_without_end_costs_its_class(tmp_path: Path, made: str) -> None:
    endless = f"def made(n): return {made}\nclass Endless(made(0), PreTrainedModel): pass\n"
    assert "A" in answers(tmp_path, f"{IMPORT}{endless}class A(PreTrainedModel): pass\n").classes


def test_bases_that_are_unpacked(tmp_path: Path) -> None:
    text = f"{IMPORT}bases = ()\nclass A(PreTrainedModel, *bases): pass\n"
    assert "A" in answers(tmp_path, text).classes


@pytest.mark.parametrize("release", [CLASSIC, MAPPING])
@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_an_odd_class(tmp_path: Path, text: str, release: str) -> None:
    assert "A" in answers(tmp_path, text, release).classes


def test_a_new_that_calls_the_class_again(tmp_path: Path) -> None:
    text = family(body="def __new__(cls, *args): return cls(*args)")
    assert answers(tmp_path, text).classes["Backbone"]["input_embeddings"] == "embed_tokens"


@pytest.mark.skipif(sys.version_info < (3, 11), reason="a syntax error before 3.11")
def test_an_index_that_is_unpacked(tmp_path: Path) -> None:
    found = answers(tmp_path, family(backbone="x = {}\nself.x = x[*config]")).classes["Head"]
    assert found["output_embeddings"] in (HEAD, "unknown") or found["raises"]  # no key is in an empty dict


@pytest.mark.parametrize("feed", ["\f", " \t\f", "\f\f"], ids=repr)
def test_a_form_feed_before_a_definition_is_no_indentation(tmp_path: Path, feed: str) -> None:
    text = family().replace("class Head", f"{feed}class Head")
    text = text.replace("    def get_input_embeddings", f"{feed}    def get_input_embeddings")
    found = answers(tmp_path, text).classes["Head"]
    assert (found["input_embeddings"], found["output_embeddings"]) == (EMBEDDING, HEAD)
