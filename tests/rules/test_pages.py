"""A rule, its file, its page and the changelog name one thing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.build import RULES as DOCS
from docs.build import pages
from tie_lint.rules import Rule, all_rules
from tie_lint.rules.page import example, sections

ROOT = Path(__file__).parents[2]
ALL = pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.code)
HEADINGS = ["What it does", "Why is this bad", "Example", "Use instead", "Releases", "Fix safety"]


@ALL
def test_the_file_is_named_for_code_and_rule(rule: Rule) -> None:
    assert rule.check.__module__ == f"tie_lint.rules.{rule.file_name}"
    assert rule.check.__name__ == rule.name.replace("-", "_")
    assert rule.url.endswith(f"/docs/rules/{rule.file_name}.md")


@ALL
def test_the_page_is_complete(rule: Rule) -> None:
    assert list(sections(rule)) == HEADINGS
    assert rule.summary.endswith(".")
    assert example(rule, "Example") != example(rule, "Use instead")


@ALL
def test_the_good_example_is_python(rule: Rule) -> None:
    compile(example(rule, "Use instead"), rule.code, "exec")


def test_every_rule_file_holds_a_rule() -> None:
    files = {path.stem for path in (ROOT / "tie_lint" / "rules").glob("tie*.py")}
    assert files == {rule.file_name for rule in all_rules().values()}


def test_the_docs_are_fresh() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
    assert written == pages(), "run `python docs/build.py`"


def test_the_changelog_names_every_code() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\bTIE\d{3}\b", changelog)) == set(all_rules())
