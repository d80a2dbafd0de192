"""Stretches of releases in which the same comes of a model class: the columns of the strip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tie_lint.record import NamedTuple

ROWS = ("tied", "saved", "loaded", "resized")


class Stretch(NamedTuple):
    """Targets one after the other of which all answers are the same."""

    releases: list[str]
    answers: dict[str, bool | str]

    @property
    def label(self) -> str:
        """The first and the last of its targets."""
        first, last = self.releases[0], self.releases[-1]
        return first if first == last else f"{first}-{last}"


def stretches(facts: Sequence[dict[str, Any]]) -> list[Stretch]:
    """Return the stretches of a class's explanations, which go from the oldest target to the newest."""
    found: list[Stretch] = []
    for known in facts:
        answers = {row: known["outcome"][row]["holds"] for row in ROWS}
        if found and found[-1].answers == answers:
            found[-1].releases.append(known["transformers"])
        else:
            found.append(Stretch([known["transformers"]], answers))
    return found
