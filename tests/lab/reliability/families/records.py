"""What the library did with each family, as data.

``families.jsonl`` holds the choices that each was made of, and a digest of its text. ``<release>.jsonl`` has
a line for each family in the same order: its classes, and what each did. Nothing here needs torch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.lab.reliability.families.choices import replayed
from tests.lab.reliability.families.grammar import family
from tests.lab.truth.records import Truth

HERE = Path(__file__).parent
DRAWN = HERE / "families.jsonl"


class Family(NamedTuple):
    """One drawn family."""

    made: list[int]
    """The choices."""
    digest: str

    @property
    def text(self) -> str:
        """The file. Raises ``ValueError`` where the grammar no longer makes of the choices what it made."""
        text = family(replayed(self.made))
        if digest_of(text) != self.digest:
            raise ValueError("the grammar has changed: draw and record the families anew")
        return text


def digest_of(text: str) -> str:
    """Return what a text is told by."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def write_drawn(every: Sequence[Sequence[int]]) -> None:
    """Keep families by their choices."""
    lines = [
        json.dumps([[*made], digest_of(family(replayed(made)))], separators=(",", ":")) for made in every
    ]
    DRAWN.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def load_drawn() -> list[Family]:
    """Return all families."""
    return [Family(*json.loads(line)) for line in DRAWN.read_text(encoding="utf-8").splitlines()]


def releases() -> list[str]:
    """Return the releases with recorded families."""
    return sorted(path.stem for path in HERE.glob("*.jsonl") if path != DRAWN)


def load(release: str) -> list[list[Truth]]:
    """Return what a release did with the classes of each family; nothing for one that cannot be imported."""
    lines = (HERE / f"{release}.jsonl").read_text(encoding="utf-8").splitlines()
    return [[_truth(name, facts) for name, facts in json.loads(line).items()] for line in lines]


def line_of(truths: Sequence[Truth]) -> str:
    """Return the line of a family."""
    return json.dumps({truth.class_name: _facts(truth) for truth in truths}, separators=(",", ":")) + "\n"


KEPT = ("base_model_prefix", "input_embeddings", "output_embeddings", "ties", "ties_if_tied", "saves")
_SAME = "as by default"
"""Stands for ties with the flag forced that are those without."""


def _facts(truth: Truth) -> str | list[Any]:
    """The error of a class that is not built; else what is kept, in order."""
    if truth.error is not None:
        return truth.error
    forced = _SAME if truth.ties_if_tied == truth.ties else truth.ties_if_tied
    return [forced if name == "ties_if_tied" else getattr(truth, name) for name in KEPT]


def _truth(name: str, facts: str | list[Any]) -> Truth:
    if isinstance(facts, str):
        return Truth("", name, error=facts)
    found = dict(zip(KEPT, facts, strict=True))
    if found["ties_if_tied"] == _SAME:
        found["ties_if_tied"] = found["ties"]
    return Truth("", name, **found)
