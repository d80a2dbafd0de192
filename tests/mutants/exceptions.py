"""What mutants break that no finding is about: by operator, when, and why the tool is silent on purpose."""

from __future__ import annotations

from collections.abc import Callable

from tests.mutants.records import Outcome
from tests.mutants.surgery import exported


def _is_but_a_component(outcome: Outcome, released: str) -> bool:
    """Nothing else changes than a class does by itself that its module does not export.

    Users cannot get at such a class but through the models that hold it, all of which go on working.
    """
    affected = {name for names in outcome.breaks.values() for name in names}
    mutated = outcome.mutant.class_name
    return affected == {mutated} and mutated not in exported(released)


EXCEPTIONS: dict[str, Callable[[Outcome, str], bool]] = {
    "delete-input-getter": _is_but_a_component,
}
"""By operator, whether what a mutant breaks is no defect; given the file's text as released."""


def excepted(outcome: Outcome, released: str) -> bool:
    """Whether a mutant deserves no finding in spite of what it breaks."""
    check = EXCEPTIONS.get(outcome.mutant.operator)
    return check is not None and check(outcome, released)
