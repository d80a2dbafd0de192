"""Groups of names that one finding tells of: one line ties them many times, once in each layer of a list."""

from __future__ import annotations

from collections.abc import Iterable

from tie_lint.rules import enumerated


def alike(groups: Iterable[list[str]]) -> list[list[list[str]]]:
    """Return groups of names in lists of those that differ by the numbers in them alone.

    The lists come in the order of their first groups, and each begins with the lowest numbers:
    ``layers.2…`` stands before ``layers.10…``.
    """
    lists: dict[tuple[str, ...], list[list[str]]] = {}
    for group in groups:
        lists.setdefault(tuple(map(_without_numbers, group)), []).append(group)
    return [sorted(found, key=lambda group: [_numbers(name) for name in group]) for found in lists.values()]


def groups_named(groups: list[list[str]]) -> str:
    """Return the first group's names as part of a sentence, and how many more groups there are."""
    more = len(groups) - 1
    others = f" (and {more} more group{'s' if more > 1 else ''} of names)" if more else ""
    return f"{enumerated(groups[0])}{others}"


def _without_numbers(name: str) -> str:
    return ".".join("*" if part.isdecimal() else part for part in name.split("."))


def _numbers(name: str) -> list[int]:
    return [int(part) for part in name.split(".") if part.isdecimal()]
