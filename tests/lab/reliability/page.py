"""The page of what the programs counted, and the record it is made of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RECORD = Path(__file__).with_name("counts.json")
PAGE = Path(__file__).parents[3] / "docs" / "reliability.md"

HEAD = """\
# Reliability

A linter runs unattended over other people's code. So the programs in
[`tests/lab/reliability`](../tests/lab/README.md) try to break it, and write what they counted into this page;
samples of each run in the test suite. How far code is followed is told in [usage](usage.md#bounds).
"""
PARTS = {
    "mutants": (
        "Model files with something changed",
        "python -m tests.lab.reliability mutants --library DIR",
    ),
    "python": ("Python's own library and test suite", "python -m tests.lab.reliability python"),
    "packages": ("Installed packages", "python -m tests.lab.reliability packages"),
    "fixes": ("Killed while fixing", "python -m tests.lab.reliability kills"),
    "workers": ("A worker killed", "python -m tests.lab.reliability kills"),
    "parents": ("The parent killed", "python -m tests.lab.reliability kills"),
    "traps": ("Traps", "python -m tests.lab.reliability traps"),
    "sameness": ("The same bytes", "python -m tests.lab.reliability sameness --library DIR"),
    "families": ("Generated families against the library", "python -m tests.lab.reliability.families"),
}
"""The heading and the command of each part."""


def record(part: str, counts: dict[str, Any], more: str = "") -> None:
    """Keep the counts of a part, and write the page anew."""
    known = counted()
    known[part] = {"more": more, "counts": counts}
    RECORD.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(text(known), encoding="utf-8")


def counted() -> dict[str, Any]:
    """Return what was counted, by part."""
    found: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    return found


def text(known: dict[str, Any]) -> str:
    """Return the page."""
    parts = [HEAD]
    for part, (heading, command) in PARTS.items():
        if part in known:
            rows = "".join(f"| {name} | {count} |\n" for name, count in known[part]["counts"].items())
            more = known[part]["more"]
            parts.append(
                f"## {heading}\n\n" + (f"{more}\n\n" if more else "") + f"```console\n$ {command}\n```\n\n"
                f"| | |\n|---|---:|\n{rows}"
            )
    return "\n".join(parts)
