"""What the library did with each mutant, as recorded. Nothing here needs torch or transformers.

A file is a header line and then one line per mutant, sorted by module, operator and class: these three, the
classes that the library was seen to treat otherwise than as released, and in which aspects of ``behaviour``.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.lab.mutants.mutant import Mutant

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Header:
    """Where and when a file was recorded."""

    transformers: str
    torch: str
    date: str
    not_measured: dict[str, str]
    """Classes whose unmutated form cannot be built here, and mutants lost, with the reason."""


@dataclass(frozen=True)
class Outcome:
    """A mutant, the classes that it changed, and the aspects of their behaviour in which it did."""

    mutant: Mutant
    classes: list[str]
    aspects: list[str]

    @property
    def breaks(self) -> bool:
        """Whether anything changed."""
        return bool(self.classes)


def record_file(release: str) -> Path:
    """The committed file of a release."""
    return HERE / f"{release}.jsonl"


@functools.cache
def load(release: str) -> list[Outcome]:
    """Every mutant of a release, in file order."""
    return [decode(line) for line in _lines(release)[1:]]


def load_header(release: str) -> Header:
    """The first line of a release's file."""
    return Header(**json.loads(_lines(release)[0]))


def _lines(release: str) -> list[str]:
    return record_file(release).read_text(encoding="utf-8").splitlines()


def write(out: Path, header: Header, outcomes: Iterable[Outcome]) -> None:
    """Write a whole file."""
    ordered = sorted(outcomes, key=lambda outcome: outcome.mutant)
    lines = [json.dumps(vars(header)), *map(encode, ordered)]
    out.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def encode(outcome: Outcome) -> str:
    """The line of a mutant."""
    mutant = outcome.mutant
    line = [mutant.module, mutant.operator, mutant.class_name, outcome.classes, " ".join(outcome.aspects)]
    return json.dumps(line if outcome.breaks else line[:3], separators=(",", ":"))


def decode(text: str) -> Outcome:
    """The inverse of ``encode``."""
    module, operator, class_name, *broken = json.loads(text)
    classes, aspects = broken or ([], "")
    return Outcome(Mutant(module, operator, class_name), classes, aspects.split())
