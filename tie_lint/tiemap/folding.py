"""Names that differ in running numbers alone, written as one: ``layers.{0..5}.weight``."""

from __future__ import annotations

from collections.abc import Iterable

Row = tuple[str, ...]
"""Names that belong together: those of one shared parameter."""


def fold(rows: Iterable[Row]) -> list[tuple[Row, list[Row]]]:
    """Return the rows in natural order, those that follow each other by one running number as one, with what
    was folded into it.

    A name may stay the same from row to row, or have one number that grows by one each time. Rows of another
    kind may stand between, and what has been folded by one number is folded by others (layers of experts).
    """
    found = [(row, [row]) for row in sorted(rows, key=lambda row: [_natural(name) for name in row])]
    while len(fewer := _folded_once(found)) < len(found):
        found = fewer
    return found


def _folded_once(found: list[tuple[Row, list[Row]]]) -> list[tuple[Row, list[Row]]]:
    runs: list[list[Row]] = []
    members: list[list[Row]] = []
    latest: dict[Row, int] = {}
    for row, below in found:
        kind = tuple(map(_without_numbers, row))
        index = latest.get(kind)
        if index is None or not _continues(runs[index], row):
            index = latest[kind] = len(runs)
            runs.append([])
            members.append([])
        runs[index].append(row)
        members[index] += below
    return [(_folded(run), below) for run, below in zip(runs, members, strict=True)]


def _without_numbers(name: str) -> str:
    return ".".join("0" if part.isdecimal() else part for part in name.split("."))


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in name.split(".")]


def _continues(run: list[Row], row: Row) -> bool:
    last = run[-1]
    if len(last) != len(row):
        return False
    places = [_place(one, two) for one, two in zip(last, row, strict=True)]
    if None in places or all(place == -1 for place in places):
        return False
    return len(run) == 1 or places == [_place(one, two) for one, two in zip(run[-2], last, strict=True)]


def _place(one: str, two: str) -> int | None:
    """The part of a name whose number is one more in the next; -1 where they are the same, None where they
    differ otherwise."""
    if one == two:
        return -1
    parts, others = one.split("."), two.split(".")
    if len(parts) != len(others):
        return None
    places = [index for index, pair in enumerate(zip(parts, others, strict=True)) if pair[0] != pair[1]]
    first, second = parts[places[0]], others[places[0]]
    if len(places) > 1 or not (first.isdecimal() and second.isdecimal()) or int(second) != int(first) + 1:
        return None
    return places[0]


def _folded(run: list[Row]) -> Row:
    first, last = run[0], run[-1]
    return tuple(map(_range, first, last))


def _range(first: str, last: str) -> str:
    """One name for all from the first to the last, which differ in one number at most."""
    pairs = zip(first.split("."), last.split("."), strict=True)
    return ".".join(one if one == two else f"{{{one}..{two}}}" for one, two in pairs)
