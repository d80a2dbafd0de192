"""The examples of the rules about folders: the bad one is found by that rule alone, the good one by none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.folders import read_page, write_folder, write_page
from tie_lint.api import Configuration, check_paths
from tie_lint.finding import Finding
from tie_lint.rules import Rule, all_rules
from tie_lint.rules.page import examples

RULES = [rule for rule in all_rules().values() if rule.of_folders]
RELEASES = ("4.51.3", "4.57.6", "5.2.0", "5.24.0")
EVERY = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def bad(rule: Rule) -> str:
    return examples(rule)[0].bad


def good(rule: Rule) -> str:
    return examples(rule)[0].good


def releases(rule: Rule) -> list[str]:
    """The releases that an example is for: one of a text config is of a class that came with 4.57."""
    return [release for release in RELEASES if rule.code != "TIE506" or release >= "5"]


def found(folder: Path, release: str) -> list[Finding]:
    report = check_paths([folder], Configuration(isolated=True, transformers=release))
    assert (report.failures, report.warnings) == ([], [])
    return report.findings


@EVERY
def test_the_example_is_found_in_every_release(rule: Rule, tmp_path: Path) -> None:
    folder = write_page(tmp_path, bad(rule))
    for release in releases(rule):
        assert {finding.code for finding in found(folder, release)} == {rule.code}


@EVERY
def test_what_to_use_instead_is_clean(rule: Rule, tmp_path: Path) -> None:
    folder = write_page(tmp_path, good(rule))
    for release in releases(rule):
        assert found(folder, release) == []


@EVERY
def test_the_severity_is_the_highest_that_the_example_has(rule: Rule, tmp_path: Path) -> None:
    folder = write_page(tmp_path, bad(rule))
    said = {finding.severity for release in releases(rule) for finding in found(folder, release)}
    assert min(said) == rule.severity("5.0")  # "error" comes before "warning"


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.fixable != "never"], ids=lambda rule: rule.code
)
def test_the_example_with_its_fix_is_what_to_use_instead(rule: Rule, tmp_path: Path) -> None:
    text, tensors = read_page(bad(rule))
    folder = write_folder(tmp_path, text, tensors)
    config = Configuration(isolated=True, transformers="5.24.0")
    assert check_paths([folder], config, fixes="diff").diffs == []
    (shown,) = check_paths([folder], config, fixes="diff", unsafe_fixes=True).diffs
    assert (shown.old, shown.new) == (text, read_page(good(rule))[0])
    assert (folder / "config.json").read_text(encoding="utf-8") == text
    report = check_paths([folder], config, fixes="write", unsafe_fixes=True)
    assert ([finding.code for finding in report.fixed], report.findings) == ([rule.code], [])
    assert (folder / "config.json").read_text(encoding="utf-8") == read_page(good(rule))[0]
