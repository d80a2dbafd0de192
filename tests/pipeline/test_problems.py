"""One problem, several releases."""

from __future__ import annotations

from tie_lint.library.target import Targets
from tie_lint.pipeline.problems import Problems
from tie_lint.rules import Problem, all_rules

TARGETS = Targets(("4.51.3", "4.57.6", "5.23.0"), "", oldest=("4.45.0", "4.52.0", "5.23.0"))
RULE = all_rules()["TIE001"]


def test_the_same_problem_is_one_finding() -> None:
    problems = Problems()
    for release in ("4.51.3", "5.23.0"):
        problems.add(RULE, "A", Problem([1, 7, 1, 8], "A is wrong", "it breaks"), release)
    (finding,) = problems.findings("a.py", TARGETS)
    assert finding.message == "A is wrong: it breaks"
    assert finding.transformers == ("4.51.3", "5.23.0")
    assert (finding.code, finding.name, finding.class_name) == ("TIE001", RULE.name, "A")


def test_effects_that_differ_are_told_by_release() -> None:
    problems = Problems()
    for release, effect in (("4.51.3", "saving fails"), ("4.57.6", "saving fails"), ("5.23.0", "no tie")):
        problems.add(RULE, "A", Problem([1, 7, 1, 8], "A is wrong", effect), release)
    (finding,) = problems.findings("a.py", TARGETS)
    assert finding.message == "A is wrong: saving fails (4.45-4.57); no tie (5.23.0)"


def test_no_effect_is_not_told() -> None:
    problems = Problems()
    problems.add(RULE, None, Problem([1, 1, 1, 2], "not Python"), "5.23.0")
    assert [found.message for found in problems.findings("a.py", TARGETS)] == ["not Python"]


def test_other_places_classes_and_words_are_other_findings() -> None:
    problems = Problems()
    problems.add(RULE, "B", Problem([9, 7, 9, 8], "wrong"), "5.23.0")
    problems.add(RULE, "A", Problem([1, 7, 1, 8], "wrong"), "5.23.0")
    problems.add(RULE, "A", Problem([1, 7, 1, 8], "wrong again"), "5.23.0")
    assert [found.line for found in problems.findings("a.py", TARGETS)] == [1, 1, 9]
