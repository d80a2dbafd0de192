"""Where the tool is right though it does not do as the library does: by operator, when, and why.

Either a mutant breaks something that no finding is about, or a finding is true though nothing breaks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.mutants.records import Outcome
from tests.mutants.surgery import exported


@dataclass(frozen=True)
class Case:
    """A mutant of a release, the module's text as released, and the codes of what the tool said of it."""

    release: str
    outcome: Outcome
    released: str
    codes: frozenset[str]


def _is_but_a_component(case: Case) -> bool:
    """Nothing else changes than a class does by itself that its module does not export.

    Users cannot get at such a class but through the models that hold it, all of which go on working.
    """
    mutated, public = case.outcome.mutant.class_name, exported(case.released)
    return case.outcome.classes == [mutated] and public is not None and mutated not in public


def _is_but_a_renaming(case: Case) -> bool:
    """The input getter finds the embedding all the same, under another name.

    The class makes its backbone under whatever name the prefix gives, so that a prefix is never wrong.
    """
    aspects = set(case.outcome.aspects)
    return "input-getter" in aspects and not {"build", "resize", "ties", "saves"} & aspects


def _flag_is_a_choice(case: Case) -> bool:
    """Without its flag a config says what the library says by default, and that is nobody's mistake to find.

    In 4.x that is True: a config that said False now lets the model tie, as its code is written to. In 5.x
    it is False: where the config said so itself nothing changes, but TIE201, which asks to say it, is right.
    """
    if case.outcome.breaks:
        return case.release.startswith("4.")
    return case.codes == {"TIE201"}


def _is_misspelt_all_the_same(case: Case) -> bool:
    """Nothing depends on the attribute, as the parts declare the same, but nothing reads that name."""
    return not case.outcome.breaks and case.codes == {"TIE110"}


EXCEPTIONS: dict[str, Callable[[Case], bool]] = {
    "delete-input-getter": _is_but_a_component,
    "delete-own-prefix": _is_but_a_renaming,
    "delete-config-flag": _flag_is_a_choice,
    "misspell-tied-keys-attribute": _is_misspelt_all_the_same,
}
"""By operator, whether what the tool does with a mutant is right after all."""


def excepted(case: Case) -> bool:
    """Whether the tool is right about a mutant although it seems not to agree with the library."""
    check = EXCEPTIONS.get(case.outcome.mutant.operator)
    return check is not None and check(case)
