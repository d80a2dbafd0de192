"""Which mutants are fixed, and how what came of it is counted."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from tests.lab.mutants.comparison import Behaviour, worth
from tests.lab.mutants.mutant import Mutant
from tests.lab.mutants.records import Outcome
from tests.lab.mutants.repair import Repair, drawn, table

OUTCOMES = [
    Outcome(Mutant(f"m{number}", operator, name), [name], ["ties"])
    for number in range(5)
    for operator in ("rename-head", "delete-prefix")
    for name in "AB"
]


def test_a_sample_takes_so_many_of_each_operator_and_no_module_twice() -> None:
    found = [one.mutant for one in drawn(OUTCOMES, 3)]
    assert Counter(mutant.operator for mutant in found) == {"rename-head": 3, "delete-prefix": 3}
    assert len({(mutant.operator, mutant.module) for mutant in found}) == 6
    assert found == [one.mutant for one in drawn(OUTCOMES, 3)]


def test_all_are_taken_module_by_module() -> None:
    found = [one.mutant.module for one in drawn(OUTCOMES, None)]
    assert len(found) == len(OUTCOMES)
    assert len([1 for one, two in pairwise(found) if one != two]) == 4


def test_a_repair_survives_being_written_down() -> None:
    repair = Repair(OUTCOMES[0].mutant, ["A"], "safe", {"a.py": "x = 1\n"}, ["TIE101"], "ties")
    assert Repair.decoded(repair.encoded()) == repair


def test_what_the_library_finds_right_counts_as_right_and_repaired_only_what_is_as_released() -> None:
    def repaired(how: str, codes: list[str], verdict: str) -> Repair:
        return Repair(OUTCOMES[0].mutant, ["A"], how, {}, codes, verdict)

    repairs = [
        repaired("unsafe", ["TIE101"], "repaired"),
        repaired("unsafe", ["TIE101"], "right: saves"),
        repaired("unsafe", ["TIE101"], "worse: ties"),
        repaired("unsafe", ["TIE101"], "nothing: ties"),
        repaired("unsafe", ["TIE101"], "lost: not done within 90 s"),
        repaired("unsafe", [], ""),
        repaired("safe", ["TIE101"], "worse: ties"),
        repaired("safe", ["TIE101"], "right: saves"),
        repaired("safe", [], ""),
    ]
    assert table(repairs).splitlines()[-1] == "| all | 6 | 5 | 2 | 1 | 2 | 1 | 0 |"


LOADED = {"missing_keys": ["a"], "ties": [["a", "b"]]}
RELEASED = {"ties": [["a", "b"]], "saves": True, "load": {"missing_keys": []}}


@pytest.mark.parametrize(
    ("mutated", "fixed", "said"),
    [
        pytest.param({"ties": []}, {}, "repaired", id="all as released"),
        pytest.param({"ties": [], "saves": False}, {"saves": False}, "right: saves", id="one of two"),
        pytest.param({"ties": []}, {"saves": False}, "worse: saves", id="mends one and breaks another"),
        pytest.param({"ties": []}, {"ties": [["a", "c"]]}, "worse: ties", id="as it never was"),
        pytest.param({"ties": []}, {"ties": []}, "nothing: ties", id="as it was"),
        pytest.param({"ties": []}, {"resize": "fails"}, "worse: resize", id="fails now"),
    ],
)
def test_a_fix_is_right_where_it_mends_something_and_leaves_the_rest_as_it_was(
    mutated: Behaviour, fixed: Behaviour, said: str
) -> None:
    assert worth({"A": RELEASED}, {"A": RELEASED | mutated}, {"A": RELEASED | fixed}) == said


def test_a_fix_is_worse_where_another_class_of_the_file_is() -> None:
    released, broken = {"A": RELEASED, "B": RELEASED}, RELEASED | {"saves": False}
    assert worth(released, {"A": broken, "B": RELEASED}, {"A": RELEASED, "B": broken}) == "worse: saves"


def test_a_fix_that_makes_a_model_built_is_measured_by_what_is_released() -> None:
    broken = {"A": {"build": "TypeError"}}
    assert worth({"A": RELEASED}, broken, {"A": RELEASED}) == "repaired"
    assert worth({"A": RELEASED}, broken, {"A": RELEASED | {"ties": []}}) == "worse: ties"
    assert worth({"A": RELEASED}, {"A": RELEASED | {"ties": []}}, broken) == "worse: build"


def test_a_module_that_cannot_be_imported_is_worse_than_one_that_can() -> None:
    fails = {"A": {"import": "SyntaxError"}}
    assert worth({"A": RELEASED}, {"A": RELEASED | {"ties": []}}, fails) == "worse: import"
    assert worth({"A": RELEASED}, fails, {"A": RELEASED}) == "repaired"


@pytest.mark.parametrize(
    ("mutated", "fixed", "said"),
    [
        pytest.param(
            {"load": {"missing_keys": ["a", "b"], "ties": []}}, {"load": LOADED}, "repaired", id="all"
        ),
        pytest.param(
            {"load": {"missing_keys": ["a", "b", "c"], "ties": []}, "saves": False},
            {"load": {"missing_keys": ["a", "b"], "ties": [["a", "b"]]}},
            "right: load",
            id="some of what was missing",
        ),
        pytest.param(
            {"load": {"missing_keys": ["a", "b"], "ties": [["a", "b"]]}, "saves": False},
            {"load": {"missing_keys": ["a"], "ties": []}},
            "worse: load",
            id="a tie less than both have",
        ),
        pytest.param(
            {"load": {"missing_keys": ["a", "b"], "ties": []}},
            {"load": {"missing_keys": ["d"], "ties": []}},
            "worse: load",
            id="something else is missing",
        ),
    ],
)
def test_what_loading_reports_is_compared_name_by_name(
    mutated: Behaviour, fixed: Behaviour, said: str
) -> None:
    released = {"load": LOADED, "saves": True}
    assert worth({"A": released}, {"A": released | mutated}, {"A": released | fixed}) == said


def test_what_a_mutant_adds_is_known_from_what_it_shows_under_another_flag() -> None:
    released = {"load": {"missing_keys": []}, "load-if-untied": {"missing_keys": ["head"]}, "saves": True}
    mutated = {"load-if-untied": {"missing_keys": ["head", "other"]}, "saves": False}
    fixed = {"load": {"missing_keys": ["other"]}, **mutated, "saves": True}
    assert worth({"A": released}, {"A": mutated}, {"A": fixed}) == "right: load load-if-untied"
    stranger = fixed | {"load": {"missing_keys": ["stranger"]}}
    assert worth({"A": released}, {"A": mutated}, {"A": stranger}) == "worse: load"
