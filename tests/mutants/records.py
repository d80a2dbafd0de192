"""What the library did with each mutant, as recorded. Nothing here needs torch or transformers.

A file is a header line and then one line per mutant, sorted by family, operator and class.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.mutants import Mutant

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Header:
    """Where and when a file was recorded."""

    transformers: str
    torch: str
    date: str
    not_measured: dict[str, list[str]]
    """By family, the classes whose unmutated form cannot be built here."""


@dataclass(frozen=True)
class Outcome:
    """A mutant and, by aspect of behaviour, the classes of its file in which that aspect changed."""

    mutant: Mutant
    breaks: dict[str, list[str]]


def record_file(release: str) -> Path:
    """The committed file of a release."""
    return HERE / f"{release}.jsonl"


def load(release: str) -> list[Outcome]:
    """Every mutant of a release, in file order."""
    lines = record_file(release).read_text(encoding="utf-8").splitlines()[1:]
    return [_decode(line) for line in lines]


def write(out: Path, header: Header, outcomes: Iterable[Outcome]) -> None:
    """Write a whole file."""
    ordered = sorted(outcomes, key=lambda outcome: outcome.mutant)
    lines = [json.dumps(vars(header)), *map(_encode, ordered)]
    out.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def _encode(outcome: Outcome) -> str:
    mutant = outcome.mutant
    line = {"family": mutant.family, "operator": mutant.operator, "class": mutant.class_name}
    return json.dumps({**line, "breaks": outcome.breaks})


def _decode(text: str) -> Outcome:
    line = json.loads(text)
    return Outcome(Mutant(line["family"], line["operator"], line["class"]), line["breaks"])
