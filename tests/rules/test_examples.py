"""The examples on a rule's page: the bad one is found by that rule alone, the good one by none."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from tests.examples import eras_shown, findings
from tie_lint.finding import Finding
from tie_lint.library.contract import contract_of
from tie_lint.library.target import find_targets
from tie_lint.rules import Rule, all_rules
from tie_lint.rules.page import Example, examples

RELEASES = find_targets(">=4.40", Path("/")).releases
OF_FILES = [rule for rule in all_rules().values() if not rule.of_folders]
PAGES = [(rule, example) for rule in OF_FILES for example in examples(rule)]
EVERY = pytest.mark.parametrize(
    ("rule", "example"), PAGES, ids=[f"{rule.code} {example.case}".strip() for rule, example in PAGES]
)


@functools.cache
def of_all(text: str, code: str) -> list[Finding]:
    """What is found in a text for all releases, and by a rule that may be off by default."""
    return findings(Path("acme.py"), text, *RELEASES, also=code)


def shown(rule: Rule, example: Example) -> set[str]:
    """The releases in which an example is a defect."""
    return {release for release in RELEASES if contract_of(release).since in eras_shown(rule, example)}


def found(rule: Rule, example: Example) -> list[Finding]:
    """What is found in an example for the releases in which it is a defect."""
    there = [one for finding in of_all(example.bad, rule.code) for one in finding.every]
    return [finding for finding in there if not shown(rule, example).isdisjoint(finding.transformers)]


@EVERY
def test_the_example_is_found_in_every_era(rule: Rule, example: Example) -> None:
    there = found(rule, example)
    assert {finding.code for finding in there} == {rule.code}
    assert {release for finding in there for release in finding.transformers} == shown(rule, example)


@EVERY
def test_what_to_use_instead_is_clean(rule: Rule, example: Example) -> None:
    assert of_all(example.good, rule.code) == []


@pytest.mark.parametrize("rule", OF_FILES, ids=lambda rule: rule.code)
def test_the_severity_is_the_highest_that_an_example_has(rule: Rule) -> None:
    starts = [*rule.severities]
    for since in starts:
        eras = [era for era in rule.eras if rule.severity(era) == rule.severities[since]]
        here = [release for release in RELEASES if contract_of(release).since in eras]
        said = {
            finding.severity
            for example in examples(rule)
            for finding in (
                findings(Path("acme.py"), example.bad, *here, also=rule.code)
                if len(starts) > 1
                else of_all(example.bad, rule.code)
            )
            if finding.code == rule.code
        }
        assert rule.severities[since] == min(said)  # "error" comes before "warning"
