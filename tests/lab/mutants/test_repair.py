"""Which mutants are fixed, and how what came of it is counted."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

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


def test_only_what_the_library_finds_repaired_counts() -> None:
    def repaired(how: str, codes: list[str], verdict: str) -> Repair:
        return Repair(OUTCOMES[0].mutant, ["A"], how, {}, codes, verdict)

    repairs = [
        repaired("unsafe", ["TIE101"], "repaired"),
        repaired("unsafe", ["TIE101"], "ties"),
        repaired("unsafe", [], ""),
        repaired("safe", ["TIE101"], "ties"),
        repaired("safe", [], ""),
    ]
    assert table(repairs).splitlines()[-1] == "| all | 3 | 2 | 1 | 1 | 0 |"
