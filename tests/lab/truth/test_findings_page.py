"""The page of findings, as far as it can be checked without the library: ``run_findings`` does the rest."""

from __future__ import annotations

import ast

import pytest

from tests.lab.truth.records import load
from tests.lab.truth.run_findings import PAGE, RELEASE, shown
from tie_lint.rules import all_rules

PAGE_TEXT = PAGE.read_text(encoding="utf-8")
RELEASES = RELEASE.findall(PAGE_TEXT)


def test_both_releases_are_there() -> None:
    assert {"4.51.3", "5.23.0"} <= set(RELEASES)


@pytest.mark.parametrize("release", RELEASES)
def test_every_block_has_a_heading_with_rules_and_prints_something(release: str) -> None:
    blocks = list(shown(PAGE_TEXT, release))
    assert blocks
    for block in blocks:
        codes = [code.strip(",:") for code in block.title.split() if code.startswith("TIE")]
        assert codes
        assert set(codes) <= set(all_rules())
        assert block.output
        ast.parse(block.code)


@pytest.mark.parametrize("release", ["4.51.3", "5.23.0"])
def test_what_is_run_are_classes_of_the_release(release: str) -> None:
    known = {truth.class_name for truth in load(release)}
    for block in shown(PAGE_TEXT, release):
        nodes = list(ast.walk(ast.parse(block.code)))
        names = {node.id for node in nodes if isinstance(node, ast.Name)}
        assert (names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}) & known


def test_code_without_output_is_no_block() -> None:
    page = "## transformers 1.0\n### TIE001\n```python\nprint(1)\n```\n```python\nprint(2)\n```\n"
    with pytest.raises(ValueError, match="alternate"):
        list(shown(page, "1.0"))


def test_a_release_ends_at_the_next() -> None:
    page = "## transformers {}\n### TIE001\n```python\nprint({})\n```\n\n```text\n{}\n```\n"
    text = page.format("1.0", 1, 1) + page.format("2.0", 2, 2)
    assert [(block.code, block.output) for block in shown(text, "2.0")] == [("print(2)\n", "2\n")]
    assert list(shown(text, "3.0")) == []
