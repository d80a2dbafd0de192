"""The page of figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.bench.items import ITEMS

AGAINST = {"flake8": "flake8 alone", "growth": "tie-lint, 1/8", "one": "import argparse, json"}
"""The command that the others of an item are compared with, where that is not ``ast.parse``."""


def page(figures: Mapping[str, Any], jobs: int) -> str:
    """The text of ``docs/performance.md``."""
    tables = [line for name in ITEMS if name in figures for line in _item(name, figures[name])]
    return "\n".join([HEAD.format(jobs=jobs), *tables])


HEAD = """# Performance

Written by `python -m tests.bench`. Every line is a whole process, from start to end; the commands of a table
take turns on one machine, and the median of the repetitions counts. Read the ratios: seconds depend on the
machine and on what else it does, those on the clock more than those of the processors. tie-lint uses {jobs}
processes where many files are checked; "cold" is without a cache, "warm" with what the run before has left in
it. Memory is that of all processes together, what they share counted once.
"""


def _item(name: str, figures: Mapping[str, Any]) -> Iterator[str]:
    costs: dict[str, dict[str, float]] = figures["costs"]
    described = (ITEMS[name].__doc__ or "").strip().removesuffix(".")
    wanted = AGAINST.get(name, "ast.parse")
    base = next(command for command in costs if command.startswith(wanted))
    yield f"## {described.partition(') ')[2]}\n"
    yield f"Median of {figures['repetitions']}.\n"
    yield f"| command | seconds | processor seconds | x {base} | of its processor time | MB |"
    yield "|---|---|---|---|---|---|"
    for command, cost in costs.items():
        against = costs[_pair(command, base, costs)]
        ratios = [f"{cost[part] / against[part]:.2f}" for part in ("wall", "cpu")]
        cells = [command, f"{cost['wall']:.2f}", f"{cost['cpu']:.2f}", *ratios, f"{cost['memory']:.0f}"]
        yield f"| {' | '.join(cells)} |"
    yield ""


def _pair(command: str, base: str, costs: Mapping[str, object]) -> str:
    """What a command is compared with: of several such, the one on the same files."""
    same = [other for other in costs if other.partition(", ")[0] == base.partition(", ")[0]]
    return next((other for other in same if other.partition(", ")[2] == command.partition(", ")[2]), base)
