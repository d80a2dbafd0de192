"""The example on a page, fixed, is what the page says to use instead; and the page says how safe that is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tie_lint.fix.fixer import Fixed, Fixer
from tie_lint.library.contract import contract_of
from tie_lint.library.target import Targets, find_targets
from tie_lint.pipeline.document import TextDocument
from tie_lint.pipeline.linter import Linter
from tie_lint.rules import Rule, all_rules
from tie_lint.rules.page import Example, examples
from tie_lint.settings import Settings

PATH = Path("acme.py").absolute()
RELEASES = find_targets(">=4.40", Path("/")).releases
UNSAFE = {("TIE101", ""), ("TIE108", ""), ("TIE303", "nothing ties")}
"""Examples whose fix is not safe, by code and case."""

OF_FILES = {code: rule for code, rule in all_rules().items() if not (rule.of_folders or rule.on_request)}
"""The rules about single files that are on by default; those about folders have tests of their own."""

UNFIXABLE = {
    ("TIE103", "the head of a reward"),
    ("TIE108", "`init_weights()` ties"),
    ("TIE201", "the table of an encoder"),
    ("TIE202", ""),
    *(
        (code, one.case)
        for code, rule in OF_FILES.items()
        if rule.fixable == "never"
        for one in examples(rule)
    ),
}
"""Examples without a fix."""

ON_META = {("TIE108", "`init_weights()` ties")}
"""Examples of which another rule speaks where a load does not build on the meta device."""

AS_GOOD = {("TIE305", "")}
"""Examples whose fix is as good as what the page shows, a line shorter."""

PAGES = [
    (rule, one)
    for rule in OF_FILES.values()
    for one in examples(rule)
    if (rule.code, one.case) not in {*UNFIXABLE, *AS_GOOD}
]
FIXABLE = pytest.mark.parametrize(
    ("rule", "example"), PAGES, ids=[f"{rule.code} {one.case}".strip() for rule, one in PAGES]
)


def fixed(text: str, *releases: str, unsafe: bool = False, ignore: tuple[str, ...] = ()) -> Fixed:
    """A text after all its fixes."""
    linter = Linter(Settings(PATH.parent, ignore=ignore), Targets(releases, ""))
    return Fixer(linter, TextDocument(PATH, text, PATH.name)).fix(unsafe)


@FIXABLE
def test_the_example_mended_is_what_to_use_instead(rule: Rule, example: Example) -> None:
    found = fixed(example.bad, *RELEASES, unsafe=(rule.code, example.case) in UNSAFE)
    assert found.text == example.good
    assert not found.left and not found.withheld


@FIXABLE
@pytest.mark.parametrize("release", ["4.51.3", "5.23.0"])
def test_so_it_is_for_one_release_alone(rule: Rule, example: Example, release: str) -> None:
    found = fixed(example.bad, release, unsafe=(rule.code, example.case) in UNSAFE)
    if found.fixed and (rule.code, release) != ("TIE004", "4.51.3"):
        assert found.text == example.good
    assert found.left == []


@pytest.mark.parametrize(("code", "case"), sorted(UNSAFE))
def test_what_is_never_safe_is_not_done_without_asking(code: str, case: str) -> None:
    (text,) = (one.bad for one in examples(all_rules()[code]) if one.case == case)
    assert fixed(text, *RELEASES).text == text


@pytest.mark.parametrize(("code", "case"), sorted(UNFIXABLE - {("TIE900", "")}))
def test_without_a_fix_nothing_changes(code: str, case: str) -> None:
    text = next(one.bad for one in examples(all_rules()[code]) if one.case == case)
    releases = (
        RELEASES
        if (code, case) not in ON_META
        else [one for one in RELEASES if contract_of(one).loads_on_meta]
    )
    found = fixed(text, *releases, unsafe=True)
    assert found.text == text
    assert {finding.code for finding in found.left} == {code}
    assert not any(finding.fix for finding in found.left)


def test_a_project_for_4_alone_gets_a_list() -> None:
    (example,) = examples(all_rules()["TIE004"])
    good = example.good.replace('{"lm_head.weight": "model.embed_tokens.weight"}', '["lm_head.weight"]')
    assert fixed(example.bad, "4.51.3", "4.57.6").text == good
