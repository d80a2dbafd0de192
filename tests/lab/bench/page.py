"""The page of figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.lab.bench.items import ITEMS

AGAINST = {
    "flake8": ("flake8 alone",),
    "growth": ("tie-lint, 1/8",),
    "one": ("import argparse, json", "mlinter"),
    "targets": ("one target",),
}
"""The commands that the others of an item are compared with, where these are not the usual ones."""
USUAL = ("ast.parse", "ruff E,F, cold", "mlinter")


def page(figures: Mapping[str, Any], jobs: int) -> str:
    """The text of ``docs/performance.md``."""
    tables = [line for name in ITEMS if name in figures for line in _item(name, figures[name])]
    return "\n".join([HEAD.format(jobs=jobs), *tables])


HEAD = """# Performance

Written by `python -m tests.lab.bench`. Every line is a whole process, from start to end; the commands of a
table take turns on one machine, and the median of the repetitions counts. Read the ratios, which are those of
the processors' seconds: seconds depend on the machine and on what else it does, those on the clock more than
those of the processors. tie-lint uses {jobs} processes where many files are checked; "cold" is without a
cache, "warm" with what the run before has left in it. Memory is that of all processes together,
what they share counted once. "Compiled" is the same tie-lint installed with
`HATCH_BUILD_HOOKS_ENABLE=true pip install tie-lint --no-binary tie-lint`, whose interpreter a C compiler
has made faster.
"""


def _item(name: str, figures: Mapping[str, Any]) -> Iterator[str]:
    costs: dict[str, dict[str, float]] = figures["costs"]
    described = (ITEMS[name].__doc__ or "").strip().removesuffix(".")
    bases = [base for base in AGAINST.get(name, USUAL) if any(other.startswith(base) for other in costs)]
    yield f"## {described.partition(') ')[2]}\n"
    yield f"Median of {figures['repetitions']}.\n"
    yield f"| command | seconds | of the processors | MB | {' | '.join(f'x {base}' for base in bases)} |"
    yield "|---" * (4 + len(bases)) + "|"
    for command, cost in costs.items():
        ratios = [f"{cost['cpu'] / costs[_pair(command, base, costs)]['cpu']:.2f}" for base in bases]
        cells = [command, f"{cost['wall']:.2f}", f"{cost['cpu']:.2f}", f"{cost['memory']:.0f}", *ratios]
        yield f"| {' | '.join(cells)} |"
    yield ""


def _pair(command: str, base: str, costs: Mapping[str, object]) -> str:
    """What a command is compared with: of several that go by the name, the one on the same files."""
    same = [other for other in costs if other.startswith(base)]
    return next((other for other in same if other.partition(", ")[2] == command.partition(", ")[2]), same[0])
