"""Names of a checkpoint by their form."""

from __future__ import annotations

import time
from contextlib import suppress

from tie_lint.interpreter.regexes import TooCostlyError, pattern
from tie_lint.loading.names import StoredNames, without_digits


def test_names_that_differ_in_numbers_only_are_alike() -> None:
    names = StoredNames(["a.10.b", "a.2.b", "c", "", "a..b"])
    assert names.by_form == {"a..b": ["a.10.b", "a.2.b", "a..b"], "c": ["c"], "": [""]}
    assert StoredNames.of(names) is names


def test_a_checkpoint_may_hold_nothing() -> None:
    assert StoredNames().by_form == {}


def test_what_is_no_ascii_digit_stays() -> None:
    assert without_digits("x1٣\udcff9") == "x٣\udcff"


def test_a_pattern_of_an_adapter_is_matched_in_bounded_time() -> None:
    start = time.process_time()
    for text in (r"(\w|\w\w)+@", r"(a+)+$", r"(\w+\.?)+@", r"(.*)*(.*)*(.*)*\d"):
        with suppress(TooCostlyError):
            assert not pattern(text).matches("a" * 60 + "!")
    assert time.process_time() - start < 2
    assert pattern(r"(\w|\.)+proj").matches("layers.0.q_proj")
    assert not pattern("a|ab").matches("abc")
