"""Verdicts in a file, one a line, as they come: what has been checked need not be checked again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.lab.mutants.mutant import Mutant
from tests.lab.mutants.records import Outcome, load
from tests.lab.mutants.verdict import Verdict


def append(path: Path, release: str, verdicts: Iterable[Verdict]) -> None:
    """Add verdicts of a release to a file."""
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(f"{_encode(release, verdict)}\n" for verdict in verdicts))


def read(path: Path, releases: Iterable[str]) -> dict[str, list[Verdict]]:
    """The file's verdicts by release, but for those on outcomes that have been recorded otherwise since."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    found: dict[str, list[Verdict]] = {release: [] for release in releases}
    outcomes = {release: {outcome.mutant: outcome for outcome in load(release)} for release in found}
    for line in lines:
        release, *rest = json.loads(line)
        if release in found:
            found[release] += _decode(rest, outcomes[release])
    return found


def _encode(release: str, verdict: Verdict) -> str:
    mutant = list(vars(verdict.outcome.mutant).values())
    said, fitting = (sorted(pairs, key=str) for pairs in (verdict.said, verdict.to_the_point))
    return json.dumps([release, mutant, verdict.outcome.classes, verdict.kind, said, fitting])


def _decode(line: list[Any], outcomes: dict[Mutant, Outcome]) -> Iterator[Verdict]:
    mutant, classes, kind, said, fitting = line
    outcome = outcomes.get(Mutant(*mutant))
    if outcome is not None and outcome.classes == classes:
        yield Verdict(outcome, frozenset(map(tuple, said)), frozenset(map(tuple, fitting)), kind)
