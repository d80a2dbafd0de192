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
    mutated, public = outcome.mutant.class_name, exported(released)
    return affected == {mutated} and public is not None and mutated not in public


def _is_but_a_renaming(outcome: Outcome, released: str) -> bool:
    """The input getter finds the embedding all the same, under another name.

    The class makes its backbone under whatever name the prefix gives, so that a prefix is never wrong.
    """
    return "input-getter" in outcome.breaks and not {"build", "resize", "ties", "saves"} & set(outcome.breaks)


EXCEPTIONS: dict[str, Callable[[Outcome, str], bool]] = {
    "delete-input-getter": _is_but_a_component,
    "delete-own-prefix": _is_but_a_renaming,
}
"""By operator, whether what a mutant breaks is no defect; given the file's text as released."""


def excepted(outcome: Outcome, released: str) -> bool:
    """Whether a mutant deserves no finding in spite of what it breaks."""
    check = EXCEPTIONS.get(outcome.mutant.operator)
    return check is not None and check(outcome, released)
