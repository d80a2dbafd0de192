"""Regular expressions of the linted code, matched in bounded time.

``re`` backtracks: ``(a+)+$`` takes it years for a name of forty letters. What holds at most two repetitions,
and none of a group, is safe with it. All other patterns are matched by ``regex``, which speaks the same
language and keeps a time limit. A pattern that no bound allows is unknown, and is not tried again.
"""

from __future__ import annotations

import functools
import math
import re
from typing import Any

from tie_lint.interpreter.base_values import ExhaustedError

MOST_LETTERS = 2_000
"""The longest pattern that is looked at: its compilation takes time as well."""
MOST_COUNTED = 1_000
"""The largest product of the counts of a pattern: ``regex`` writes counted repetitions out."""
SECONDS = 0.1
"""What the match of one name may take. Names are short: an honest pattern takes microseconds."""

_REPETITION = re.compile(r"[*+?{]")
_REPEATED_GROUP = re.compile(r"\)\s*[*+?{]")
_COUNTS = re.compile(r"\{\s*(\d*)\s*,?\s*(\d*)")


class TooCostlyError(ExhaustedError):
    """A pattern whose match would take too long."""


class Pattern:
    """A pattern of the linted code."""

    def __init__(self, text: str) -> None:
        """Compile it. Raises ``re.error`` as Python does, ``TooCostlyError`` for one beyond all bounds."""
        if len(text) > MOST_LETTERS:
            raise TooCostlyError(f"a pattern of more than {MOST_LETTERS} letters")
        try:
            self.compiled = re.compile(text)
        except (OverflowError, RecursionError, MemoryError) as error:
            raise re.error(str(error)) from error
        self.text = text
        self._timed: Any = None
        counts = [int(count) for pair in _COUNTS.findall(text) for count in pair if count]
        self._costly = math.prod(max(count, 1) for count in counts) > MOST_COUNTED
        self._simple = len(_REPETITION.findall(text)) <= 2 and not _REPEATED_GROUP.search(text)

    def match_end(self, name: str) -> int | None:
        """Return where a match from the start of a name ends; None where there is none."""
        found = self.first("match", name)
        end: int | None = None if found is None else found.end()
        return end

    def search(self, name: str) -> bool:
        """Return whether the pattern occurs in a name. Raises ``TooCostlyError``."""
        return self.first("search", name) is not None

    def matches(self, name: str) -> bool:
        """Return whether the pattern matches a whole name. Raises ``TooCostlyError``."""
        return self.first("fullmatch", name) is not None

    def first(self, way: str, text: str) -> Any:
        """Return what ``match``, ``search`` or ``fullmatch`` finds: a match of ``re`` or of ``regex``, None
        where there is none. Raises ``TooCostlyError``."""
        if self._simple and len(text) <= MOST_LETTERS:
            return getattr(self.compiled, way)(text)
        if self._costly:
            raise TooCostlyError(f"the pattern {self.text!r}")
        import regex

        try:
            if self._timed is None:
                self._timed = regex.compile(self.text)
            return getattr(self._timed, way)(text, timeout=SECONDS)
        except (TimeoutError, MemoryError, RecursionError, regex.error) as error:
            self._costly = True
            raise TooCostlyError(f"the pattern {self.text!r}: {error}") from error


@functools.lru_cache(maxsize=2048)
def pattern(text: str) -> Pattern:
    """Return a pattern, compiled once. Raises as :class:`Pattern` does."""
    return Pattern(text)


def searched(text: str, name: str) -> bool:
    """Return whether a pattern occurs in a name; not where it is none. Raises ``TooCostlyError``."""
    try:
        return pattern(text).search(name)
    except re.error:
        return False
