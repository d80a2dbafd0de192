"""Writes docs/rules/ from the rules: `python docs/build.py`."""

from __future__ import annotations

from pathlib import Path

from tie_lint.rules import all_rules
from tie_lint.rules.page import render

RULES = Path(__file__).parent / "rules"


def pages() -> dict[str, str]:
    """The text of every file in docs/rules/ by its name."""
    rules = list(all_rules().values())
    rows = [f"| {rule.code} | [{rule.name}]({rule.file_name}.md) | {rule.summary} |" for rule in rules]
    index = "# Rules\n\n| code | name | says |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    return {"index.md": index, **{f"{rule.file_name}.md": render(rule) for rule in rules}}


if __name__ == "__main__":
    for stale in RULES.glob("*.md"):
        stale.unlink()
    for name, text in pages().items():
        (RULES / name).write_text(text, encoding="utf-8")
