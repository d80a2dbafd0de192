"""The recorded behaviour of the rules' examples, one file per release. Nothing here needs torch."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from tie_lint.rules import Rule, all_rules
from tie_lint.rules.page import examples as pages

HERE = Path(__file__).parent

Behaviour = dict[str, Any]
"""What a model does, by aspect."""


def examples() -> dict[str, tuple[str, str]]:
    """The bad and the good example of every rule about models, by code."""
    return {code: _texts(rule) for code, rule in all_rules().items() if not rule.of_files}


def _texts(rule: Rule) -> tuple[str, str]:
    first = pages(rule)[0]
    return first.bad, first.good


def releases() -> list[str]:
    """The releases that have been recorded."""
    return sorted(path.stem for path in HERE.glob("*.json"))


def write(release: str, found: dict[str, list[Behaviour]]) -> None:
    """Write a release's file: per rule what was run and what its two examples do."""
    lines = [
        f"{json.dumps(code)}: {json.dumps({'text': digest(code), 'bad': bad, 'good': good})}"
        for code, (bad, good) in found.items()
    ]
    (HERE / f"{release}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def load(release: str) -> dict[str, dict[str, Any]]:
    """A release's record by code: ``text`` (a digest of the examples), ``bad`` and ``good``."""
    found: dict[str, dict[str, Any]] = json.loads((HERE / f"{release}.json").read_text(encoding="utf-8"))
    return found


def digest(code: str) -> str:
    """What tells whether a record is of the examples as they stand."""
    return hashlib.sha256("\0".join(examples()[code]).encode()).hexdigest()[:12]
