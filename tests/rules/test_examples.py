"""The examples on a rule's page: the bad one is found by that rule alone, the good one by none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.examples import findings
from tie_lint.library.contract import Contract, contract_of
from tie_lint.library.target import find_targets
from tie_lint.rules import Rule, all_rules
from tie_lint.rules.page import example

ALL = pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.code)
RELEASES = find_targets(">=4.40", Path("/")).releases


def shows(rule: Rule, contract: Contract) -> bool:
    """Whether a rule's example is a defect in an era; TIE303 has but one of its two cases for an example."""
    return rule.applies(contract) and (rule.code != "TIE303" or bool(contract.tie_weights_arguments))


@ALL
def test_the_example_is_found_in_every_era(rule: Rule) -> None:
    releases = tuple(release for release in RELEASES if shows(rule, contract_of(release)))
    found = findings(Path("acme.py"), example(rule, "Example"), *RELEASES)
    there = [finding for finding in found if not set(releases).isdisjoint(finding.transformers)]
    assert {finding.code for finding in there} == {rule.code}
    assert {release for finding in there for release in finding.transformers} == set(releases)


@ALL
def test_what_to_use_instead_is_clean(rule: Rule) -> None:
    assert findings(Path("acme.py"), example(rule, "Use instead"), *RELEASES) == []
