"""The examples of the rules about folders, and what was recorded of their loads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tie_lint.rules import all_rules
from tie_lint.rules.page import examples as pages

CLAIMS = Path(__file__).with_name("claimed")


def examples() -> dict[str, tuple[str, str]]:
    """The bad and the good example of every rule about model folders, by code."""
    rules = [rule for rule in all_rules().values() if rule.of_folders and not rule.of_adapters]
    return {rule.code: (pages(rule)[0].bad, pages(rule)[0].good) for rule in rules}


def releases() -> list[str]:
    """The releases with records."""
    return sorted(path.stem for path in CLAIMS.glob("*.json"))


def records(release: str) -> dict[str, list[dict[str, Any]]]:
    """Code → the outcome of the bad and of the good example, head before embedding."""
    found: dict[str, list[dict[str, Any]]] = json.loads(
        (CLAIMS / f"{release}.json").read_text(encoding="utf-8")
    )
    return found
