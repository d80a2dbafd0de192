"""The example on a page, mended, is what the page says to use instead; and the page says how safe that is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tie_lint.fix.fixer import Fixed, Fixer
from tie_lint.library.target import Targets, find_targets
from tie_lint.pipeline.document import TextDocument
from tie_lint.pipeline.linter import Linter
from tie_lint.rules import Rule, all_rules
from tie_lint.rules.page import example, sections
from tie_lint.settings import Settings

PATH = Path("acme.py").absolute()
RELEASES = find_targets(">=4.40", Path("/")).releases
UNSAFE = {"TIE101", "TIE108"}
"""Rules whose fix of the example is not safe."""

UNFIXABLE = {
    code for code, rule in all_rules().items() if sections(rule)["Fix safety"].startswith("There is no fix")
}
FIXABLE = pytest.mark.parametrize(
    "rule", [rule for code, rule in all_rules().items() if code not in UNFIXABLE], ids=lambda rule: rule.code
)


def mended(text: str, *releases: str, unsafe: bool = False) -> Fixed:
    """A text after all its fixes."""
    linter = Linter(Settings(PATH.parent), Targets(releases, ""))
    return Fixer(linter, TextDocument(PATH, text, PATH.name)).fix(unsafe)


@FIXABLE
def test_the_example_mended_is_what_to_use_instead(rule: Rule) -> None:
    found = mended(example(rule, "Example"), *RELEASES, unsafe=rule.code in UNSAFE)
    assert found.text == example(rule, "Use instead")
    assert found.left == found.withheld == []


@FIXABLE
@pytest.mark.parametrize("release", ["4.51.3", "5.23.0"])
def test_so_it_is_for_one_release_alone(rule: Rule, release: str) -> None:
    text = example(rule, "Example")
    found = mended(text, release, unsafe=rule.code in UNSAFE)
    if found.fixed and (rule.code, release) != ("TIE004", "4.51.3"):
        assert found.text == example(rule, "Use instead")
    assert found.left == []


@pytest.mark.parametrize("code", sorted(UNSAFE))
def test_what_is_never_safe_is_not_done_without_asking(code: str) -> None:
    text = example(all_rules()[code], "Example")
    assert mended(text, *RELEASES).text == text


@pytest.mark.parametrize("code", sorted(UNFIXABLE - {"TIE900"}))
def test_without_a_fix_nothing_changes(code: str) -> None:
    text = example(all_rules()[code], "Example")
    found = mended(text, *RELEASES, unsafe=True)
    assert found.text == text
    assert {finding.code for finding in found.left} == {code}
    assert not any(finding.fix for finding in found.left)


def test_a_project_for_4_alone_gets_a_list() -> None:
    rule = all_rules()["TIE004"]
    good = example(rule, "Use instead").replace(
        '{"lm_head.weight": "model.embed_tokens.weight"}', '["lm_head.weight"]'
    )
    assert mended(example(rule, "Example"), "4.51.3", "4.57.6").text == good
