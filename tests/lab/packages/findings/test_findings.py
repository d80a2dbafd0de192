"""The findings in others' packages: each was seen to be true, and the page has them."""

from __future__ import annotations

import pytest

from tests.lab.packages.findings.effects import Seen, held
from tests.lab.packages.findings.page import PAGE, with_tables
from tests.lab.packages.findings.records import READ, RUN, Found, load, releases, with_verdicts
from tests.lab.packages.sources import packages


def test_both_releases_are_recorded() -> None:
    assert releases() == ["4.51.3", "5.23.0"]


@pytest.mark.parametrize("release", releases())
def test_every_finding_was_run_or_read_and_says_what_was_seen(release: str) -> None:
    listed = {package.requirement for package in packages()}
    for found in load(release):
        assert found.package in listed
        assert found.how in (RUN, READ)
        assert found.shown


def test_the_page_has_what_is_recorded() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_tables(page)


FOUND = Found("a==1", "a/b/modeling.py", 3, "TIE006", "Model", "Model cannot be built")


def test_a_verdict_stays_with_the_same_finding_and_no_other() -> None:
    seen = Found(**{**vars(FOUND), "line": 1, "how": RUN, "shown": "it raises"})
    other = Found(**{**vars(FOUND), "message": "Model is another"})
    kept, new = with_verdicts([FOUND, other], [seen])
    assert (kept.how, kept.shown, kept.line) == (RUN, "it raises", 3)
    assert (new.how, new.shown) == ("", "")


def test_the_module_of_a_finding() -> None:
    assert FOUND.module == "a.b.modeling"
    assert Found("a==1", "a/b/__init__.py", 3, "TIE006", "Model", "").module == "a.b"


RAISES = (
    "Model cannot be built with the defaults of its config: m.py:3 raises AttributeError: 'C' object has no"
)
LACKS = f"{RAISES} attribute 'is_decoder', which every config has up to 4.57 alone"
PARTED = "Model shares a.bias and b.bias by assignment: from_pretrained() parts them; what"
APART: Seen = {"missing_keys": [], "unexpected_keys": [], "ties": []}
LEAVES = "and should return self.head: resize_token_embeddings() leaves the head at its old size"
CASES: list[tuple[str, str, Seen, bool | None]] = [
    ("TIE006", LACKS, {"built": "AttributeError: 'C' object has no attribute 'is_decoder'"}, True),
    ("TIE006", LACKS, {"built": ""}, False),
    ("TIE006", LACKS, {"built": "AttributeError: 'C' object has no attribute 'x'"}, False),
    ("TIE006", LACKS, {"built": "AttributeError: 'C'", "given": {"is_decoder": False}}, True),
    ("TIE005", "it is built untied", {"ties": [], "output-getter": "head"}, True),
    ("TIE005", "it is built untied", {"ties": [["e.weight", "head.weight"]], "output-getter": "head"}, False),
    ("TIE005", "loading it raises AttributeError", {"load": "AttributeError: no"}, True),
    ("TIE005", "loading it raises AttributeError", {"load": APART}, False),
    ("TIE108", PARTED, {"ties": [["a.bias", "b.bias"]], "load": APART}, True),
    (
        "TIE108",
        PARTED,
        {"ties": [["a.bias", "b.bias"]], "load": {**APART, "ties": [["a.bias", "b.bias"]]}},
        False,
    ),
    ("TIE108", PARTED, {"ties": [], "load": APART}, None),
    ("TIE001", LEAVES, {"resize-output": []}, True),
    ("TIE001", LEAVES, {"resize-output": ["head.weight"]}, False),
    ("TIE001", LEAVES, {"resize": "fails"}, None),
    ("TIE001", f"once set_input_embeddings() works, {LEAVES.partition(': ')[2]}", {"resize": "fails"}, True),
    ("TIE004", "with tie_word_embeddings=True save_pretrained() raises RuntimeError", {"saves": True}, False),
    (
        "TIE004",
        "with tie_word_embeddings=True save_pretrained() raises",
        {"saves": True, "saves-if-tied": False},
        True,
    ),
    (
        "TIE101",
        "checkpoints of the backbone do not load",
        {"cross-load": {"into": {**APART, "missing_keys": ["a"]}}},
        False,
    ),
]


@pytest.mark.parametrize(("code", "message", "seen", "answer"), CASES)
def test_an_effect_is_held_against_what_was_seen(
    code: str, message: str, seen: Seen, answer: bool | None
) -> None:
    assert [found for _, found in held(message, code, seen)] == [answer]
