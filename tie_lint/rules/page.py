"""A rule's page: the one text that the terminal and the docs show."""

from __future__ import annotations

import re

from tie_lint.rules import Rule

_CODE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def render(rule: Rule) -> str:
    """The page as Markdown."""
    silence = (
        f"`# noqa: {rule.code}` on any line of the statement that the finding points at; for whole files,\n"
        f'`ignore = ["{rule.code}"]` or `per-file-ignores` in `[tool.tie-lint]`.'
    )
    return f"# {rule.name} ({rule.code})\n\n{rule.page}\n\n## How to silence\n\n{silence}\n"


def sections(rule: Rule) -> dict[str, str]:
    """The page's texts by their headings."""
    headings = re.split(r"^## (.+)\n", rule.page, flags=re.MULTILINE)
    return {title: text.strip() for title, text in zip(headings[1::2], headings[2::2], strict=True)}


def example(rule: Rule, heading: str) -> str:
    """The Python block below a heading such as "Example" or "Use instead"."""
    found = _CODE.search(sections(rule)[heading])
    return found[1] if found else ""
