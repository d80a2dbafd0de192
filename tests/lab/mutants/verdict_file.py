"""Verdicts in a file, one a line, as they come: what has been checked need not be checked again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.lab.mutants.mutant import Mutant
from tests.lab.mutants.records import Outcome, load
from tests.lab.mutants.verdict import Place, Verdict


def append(path: Path, place: Place, verdicts: Iterable[Verdict]) -> None:
    """Add verdicts of a place to a file."""
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(f"{_encode(place, verdict)}\n" for verdict in verdicts))


def read(path: Path, places: Iterable[Place]) -> dict[Place, list[Verdict]]:
    """The file's verdicts by place, but for those on outcomes that have been recorded otherwise since."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    found: dict[Place, list[Verdict]] = {place: [] for place in places}
    outcomes = {place: {outcome.mutant: outcome for outcome in load(place.release)} for place in found}
    for line in lines:
        release, is_copied_out, *rest = json.loads(line)
        place = Place(release, is_copied_out)
        if place in found:
            found[place] += _decode(rest, outcomes[place])
    return found


def _encode(place: Place, verdict: Verdict) -> str:
    mutant = list(vars(verdict.outcome.mutant).values())
    said, fitting = (sorted(pairs, key=str) for pairs in (verdict.said, verdict.to_the_point))
    return json.dumps([*vars(place).values(), mutant, verdict.outcome.classes, verdict.kind, said, fitting])


def _decode(line: list[Any], outcomes: dict[Mutant, Outcome]) -> Iterator[Verdict]:
    mutant, classes, kind, said, fitting = line
    outcome = outcomes.get(Mutant(*mutant))
    if outcome is not None and outcome.classes == classes:
        yield Verdict(outcome, frozenset(map(tuple, said)), frozenset(map(tuple, fitting)), kind)
