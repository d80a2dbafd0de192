"""Write the table of docs/loading.md: ``python -m tests.lab.loading.table``.

Counts, per row and release, what became of the first tie of each recorded class.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

from tests.lab.loading.agree import records, releases
from tests.lab.loading.rows import ROWS

PAGE = Path(__file__).parents[3] / "docs" / "loading.md"
BEGIN, END = "<!-- table: python -m tests.lab.loading.table -->\n", "<!-- end of table -->\n"


def outcome(record: dict[str, Any], row: str) -> str:
    """What became of a class's first tie, in words."""
    real = record["outcomes"][record["rows"][row]]
    if "raises" in real:
        return f"raises {real['raises']}"
    target, source = _first_tie(record)
    names = sorted({name for group in record["ties_if_tied"] for name in group})
    origins = dict(zip(names, real["origin"], strict=True))
    if any(target in group and source in group for group in real["groups"]):
        return f"tied, {_values(origins[source], target, source)}"
    return f"apart: target {_own(origins[target])}, source {_own(origins[source])}{_warned(real)}"


def _first_tie(record: dict[str, Any]) -> tuple[str, str]:
    """Target and source, by their names in the model."""
    spelled = {stored: name for name, stored in record.get("spelled", {}).items()}
    target, source = next(iter(record["sources"].items()))
    return spelled.get(target, target), spelled.get(source, source)


def _values(origin: str | None, target: str, source: str) -> str:
    if origin is None:
        return "new"
    return "without values" if origin == "meta" else "stored values"


def _own(origin: str | None) -> str:
    if origin is None:
        return "new"
    return "without values" if origin == "meta" else "loaded"


def _warned(real: dict[str, Any]) -> str:
    return ", a warning" if "parts" in real["says"] else ""


def table() -> str:
    """The table in Markdown."""
    known = {release: [one for one in records(release) if one["sources"]] for release in releases()}
    head = [f"{release} ({len(classes)} classes)" for release, classes in known.items()]
    lines = [f"| checkpoint; config.json | {' | '.join(head)} |", f"|---|{'---|' * len(head)}"]
    for row in ROWS:
        cells = []
        for classes in known.values():
            counted = Counter(outcome(one, row.name) for one in classes if row.name in one["rows"])
            cells.append("<br>".join(f"{text}: {count}" for text, count in counted.most_common()))
        lines.append(f"| {row.name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """The page with the table as it is now."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
