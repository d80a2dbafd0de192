"""A rule, its file, its page and the changelog name one thing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.build import RULES as DOCS
from docs.build import pages
from tie_lint.rules import Rule, all_rules
from tie_lint.rules.page import examples, facts, sections

ROOT = Path(__file__).parents[2]
ALL = pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.code)
HEADINGS = r"What it does, Why is this bad, (Example[^,]*, Use instead, )+Releases, Fix safety"


@ALL
def test_the_file_is_named_for_code_and_rule(rule: Rule) -> None:
    assert rule.check.__module__ == f"tie_lint.rules.{rule.file_name}"
    assert rule.check.__name__ == rule.name.replace("-", "_")
    assert rule.url.endswith(f"/docs/rules/{rule.file_name}.md")


@ALL
def test_the_page_is_complete(rule: Rule) -> None:
    assert re.fullmatch(HEADINGS, ", ".join(title for title, _ in sections(rule)))
    assert rule.summary.endswith(".")
    assert all(example.bad != example.good != "" for example in examples(rule))


@pytest.mark.parametrize(
    "rule", [rule for rule in all_rules().values() if not rule.of_folders], ids=lambda rule: rule.code
)
def test_the_good_examples_are_python(rule: Rule) -> None:
    for example in examples(rule):
        compile(example.good, rule.code, "exec")


@ALL
def test_the_page_says_of_the_fix_what_the_rule_does(rule: Rule) -> None:
    safety = dict(sections(rule))["Fix safety"]
    assert (rule.fixable == "never") == safety.startswith("There is no fix:") or rule.of_files


def test_the_facts_in_one_line() -> None:
    said = {code: facts(rule) for code, rule in all_rules().items()}
    both = "error up to 4.57, warning from 5.0"
    assert said["TIE001"] == f"Releases: all · highest severity: {both} · fix: for most findings"
    assert said["TIE105"] == "Releases: all · highest severity: error · fix: none"
    assert said["TIE109"].startswith("Releases: from 5.0 · ")
    assert said["TIE304"].startswith("Releases: up to 4.53 · ")


def test_every_rule_file_holds_a_rule() -> None:
    files = {path.stem for path in (ROOT / "tie_lint" / "rules").glob("tie*.py")}
    assert files == {rule.file_name for rule in all_rules().values()}


def test_the_docs_are_fresh() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
    assert written == pages(), "run `python docs/build.py`"


def test_the_changelog_names_every_code() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\bTIE\d{3}\b", changelog)) == set(all_rules())
