"""The rules' pages, for `tie-lint rule` and for the docs."""

from __future__ import annotations

from typing import TextIO

from tie_lint.errors import UsageError
from tie_lint.output.terminal import console, wants_colour, write_pieces
from tie_lint.rules import all_rules
from tie_lint.rules.page import render


def write_page(code: str, stream: TextIO) -> None:
    """Write the page of a rule, by its code or its name: rendered on a terminal, elsewhere as Markdown.

    Raises :class:`UsageError` where there is none.
    """
    text = page(code)
    if not wants_colour(stream):
        stream.write(text)
        return
    from rich.markdown import Markdown

    console(stream).print(Markdown(text))


def write_listing(stream: TextIO) -> None:
    """Write every rule on a line of its own: code, name, first sentence."""
    for rule in all_rules().values():
        code = (rule.code, f"bold cyan link {rule.url}")
        write_pieces([code, (f"  {rule.name:<26} {rule.summary}", "")], stream)


def page(code: str) -> str:
    """Return the page of a rule, by its code or its name. Raises :class:`UsageError` where there is none."""
    for rule in all_rules().values():
        if code.upper() == rule.code or code == rule.name:
            return render(rule)
    raise UsageError(f"no rule {code!r}; the codes are {', '.join(all_rules())}")
