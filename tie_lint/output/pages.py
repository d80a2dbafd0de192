"""The rules' pages, for `tie-lint rule` and for the docs."""

from __future__ import annotations

from tie_lint.errors import UsageError
from tie_lint.rules import all_rules
from tie_lint.rules.page import render


def page(code: str) -> str:
    """The page of a rule, by its code or its name. Raises :class:`UsageError` where there is none."""
    for rule in all_rules().values():
        if code.upper() == rule.code or code == rule.name:
            return render(rule)
    raise UsageError(f"no rule {code!r}; the codes are {', '.join(all_rules())}")


def listing() -> str:
    """Every rule on a line of its own: code, name, first sentence."""
    return "".join(f"{rule.code}  {rule.name:<26} {rule.summary}\n" for rule in all_rules().values())
