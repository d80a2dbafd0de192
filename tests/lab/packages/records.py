"""The recorded truth about others' packages, as data: what their model classes did when they were built.

A file is a header line and then one line per class, in the order of the packages' list, then of module and
class. A line is one of ``tests.lab.truth``; it says besides of which package the class is and how its config
was made.
Nothing here needs torch or transformers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.lab.truth.records import Header, Truth, decode

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Record(Truth):
    """One class of a package.

    ``config`` is the dotted name of the config class; ``given`` is what its default lacked: arguments that it
    requires, and attributes that the model reads and the config does not have.
    """

    package: str = ""
    config: str | None = None
    given: dict[str, Any] = field(default_factory=dict)


def record_file(release: str) -> Path:
    """The committed file of a release."""
    return HERE / f"{release}.jsonl"


def releases() -> list[str]:
    """The releases with recorded packages."""
    return sorted(path.stem for path in HERE.glob("*.jsonl"))


def load(release: str) -> list[Record]:
    """Every class of a release, in file order."""
    return [decode(line, Record) for line in _lines(release)[1:]]


def load_header(release: str) -> Header:
    """The first line of a release's file."""
    return Header(**json.loads(_lines(release)[0]))


def _lines(release: str) -> list[str]:
    return record_file(release).read_text(encoding="utf-8").splitlines()
