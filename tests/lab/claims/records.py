"""The recorded behaviour of the rules' examples, one file per release. Nothing here needs torch."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from tie_lint.rules import Rule, all_rules
from tie_lint.rules.page import Example
from tie_lint.rules.page import examples as pages

HERE = Path(__file__).parent

Behaviour = dict[str, Any]
"""What a model does, by aspect."""


CASES = HERE / "cases"
"""What rules say that their pages show no example of: a folder each, named for the rule and what is said."""


def examples() -> dict[str, tuple[Rule, Example]]:
    """The examples of every rule about models, by code and case ("TIE005", "TIE303: nothing ties"), and what
    stands in :data:`CASES`."""
    return of_pages() | of_cases()


def of_pages() -> dict[str, tuple[Rule, Example]]:
    """The examples on the rules' pages."""
    return {
        f"{code}: {one.case}" if one.case else code: (rule, one)
        for code, rule in all_rules().items()
        for one in pages(rule)
        if not (rule.of_files or rule.of_folders or rule.on_request)
    }


def of_cases() -> dict[str, tuple[Rule, Example]]:
    """What the rules say beside the examples on their pages."""
    found = {}
    for folder in sorted(path for path in CASES.iterdir() if (path / "bad.py").exists()):
        rule = all_rules()[folder.name.partition("_")[0].upper()]
        case = folder.name.partition("_")[2].replace("_", " ")
        bad, good = ((folder / f"{kind}.py").read_text(encoding="utf-8") for kind in ("bad", "good"))
        found[f"{rule.code}: {case}"] = rule, Example(case, "4.40", bad, good)
    return found


def releases() -> list[str]:
    """The releases that have been recorded."""
    return sorted(path.stem for path in HERE.glob("*.json"))


def write(release: str, found: dict[str, list[Behaviour]]) -> None:
    """Write a release's file: per example what was run, and what it does and what to use instead does."""
    lines = [
        f"{json.dumps(name)}: {json.dumps({'text': digest(name), 'bad': bad, 'good': good})}"
        for name, (bad, good) in found.items()
    ]
    (HERE / f"{release}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def load(release: str) -> dict[str, dict[str, Any]]:
    """A release's record by example: ``text`` (a digest of it), ``bad`` and ``good``."""
    found: dict[str, dict[str, Any]] = json.loads((HERE / f"{release}.json").read_text(encoding="utf-8"))
    return found


def digest(name: str) -> str:
    """What tells whether a record is of an example as it stands."""
    _, one = examples()[name]
    return hashlib.sha256(f"{one.bad}\0{one.good}".encode()).hexdigest()[:12]
