"""The names of a checkpoint, in groups of those that differ in numbers only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

_DIGITS = b"0123456789"
_BETWEEN = "\0"
"""What no name of a tensor holds: the formats refuse it."""


class StoredNames(tuple[str, ...]):
    """Names in the order in which they are loaded; there may be hundreds of thousands."""

    @classmethod
    def of(cls, names: Iterable[str]) -> StoredNames:
        """Return the names as they are, or made into some."""
        return names if isinstance(names, cls) else cls(names)

    @cached_property
    def by_form(self) -> dict[str, list[str]]:
        """The names by what is left of them without digits."""
        found: dict[str, list[str]] = defaultdict(list)
        forms = without_digits(_BETWEEN.join(self)).split(_BETWEEN) if self else []
        for name, form in zip(self, forms, strict=True):
            found[form].append(name)
        return found


def without_digits(text: str) -> str:
    """Return a text without the digits in it."""
    data = text.encode("utf-8", "surrogatepass").translate(None, _DIGITS)
    return data.decode("utf-8", "surrogatepass")
