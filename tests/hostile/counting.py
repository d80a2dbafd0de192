"""How work grows with its input, by the calls of functions that it makes: as many on every machine."""

from __future__ import annotations

import cProfile
from collections.abc import Callable
from pathlib import Path

from tie_lint.api import Configuration, check_paths, explain_paths

BETWEEN = 3
"""A growth between that of work in proportion, which is 2, and that of the square, which is 4."""


def growth(folder: Path, text_of: Callable[[int], str], size: int, release: str) -> float:
    """Return how many times as many calls checking and explaining a file takes more when its size, once
    doubled, is doubled again, as when it is doubled first.
    """
    path, asked = folder / "m.py", Configuration(isolated=True, transformers=release)

    def calls(number: int) -> int:
        path.write_text(text_of(number), encoding="utf-8")
        profile = cProfile.Profile()
        with profile:
            check_paths([path], asked)
            explanations = list(explain_paths([str(path)], asked))
        assert explanations
        return sum(entry.callcount for entry in profile.getstats())

    calls(1)  # what is imported and kept from then on
    once, twice, four_times = (calls(size * factor) for factor in (1, 2, 4))
    return (four_times - twice) / (twice - once)
