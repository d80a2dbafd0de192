"""Where the choices of a family come from: from hypothesis, or from the list that was recorded of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol


class Choose(Protocol):
    """Takes one of some texts, or one of so many numbers."""

    def __call__(self, *options: str) -> str:
        """Return one of the texts."""

    def number(self, below: int) -> int:
        """Return a number."""


class Choices:
    """Chooses by what it is given, and notes what was chosen."""

    def __init__(self, pick: Callable[[int], int]) -> None:
        """``pick`` returns a number below the one that it is called with."""
        self._pick, self.made = pick, list[int]()

    def __call__(self, *options: str) -> str:
        return options[self.number(len(options))]

    def number(self, below: int) -> int:
        chosen = self._pick(below)
        self.made.append(chosen)
        return chosen


def replayed(made: Sequence[int]) -> Choices:
    """Make the same choices again."""
    left: Iterator[int] = iter(made)
    return Choices(lambda below: next(left))


def drawn(count: int, seed: int) -> list[list[int]]:
    """So many different families, as hypothesis draws them."""
    import hypothesis
    from hypothesis import strategies

    from tests.lab.reliability.families.grammar import family

    found: dict[str, list[int]] = {}

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=2 * count,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(strategies.data())
    def draw(data: strategies.DataObject) -> None:
        choices = Choices(lambda below: data.draw(strategies.integers(0, below - 1)))
        text = family(choices)
        if len(found) < count:
            found.setdefault(text, choices.made)

    draw()
    return list(found.values())
