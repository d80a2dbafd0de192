"""The page says what was measured, against what."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.lab.bench.items import ITEMS
from tests.lab.bench.measure import Command, Cost, in_turn, median
from tests.lab.bench.page import page


def _figures(**costs: tuple[float, float, float]) -> dict[str, object]:
    named = {name.replace("_", " "): Cost(*cost).as_json() for name, cost in costs.items()}
    return {"repetitions": 3, "costs": named}


def test_ratios_are_to_the_command_of_the_item() -> None:
    text = page({"explain": _figures(tie_lint=(3.0, 6.0, 100.0), **{"ast.parse": (2.0, 2.0, 10.0)})}, 2)
    assert "| tie lint | 3.00 | 6.00 | 100 | 3.00 |" in text
    assert "| ast.parse | 2.00 | 2.00 | 10 | 1.00 |" in text


def test_flake8_is_compared_with_itself_on_the_same_files() -> None:
    costs = {
        "flake8 alone, models": Cost(2, 2, 1),
        "flake8 with tie-lint, models": Cost(3, 3, 1),
        "flake8 alone, no models": Cost(10, 10, 1),
        "flake8 with tie-lint, no models": Cost(11, 11, 1),
    }
    figures = {"repetitions": 1, "costs": {name: cost.as_json() for name, cost in costs.items()}}
    text = page({"flake8": figures}, 2)
    assert "| flake8 with tie-lint, models | 3.00 | 3.00 | 1 | 1.50 |" in text
    assert "| flake8 with tie-lint, no models | 11.00 | 11.00 | 1 | 1.10 |" in text


def test_every_item_is_described() -> None:
    assert all(item.__doc__ and item.__doc__.startswith("(") for item in ITEMS.values())


def test_a_process_is_measured_with_its_children() -> None:
    busy = "import time; end = time.process_time() + 0.2\nwhile time.process_time() < end: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    costs = in_turn({"parent": Command([sys.executable, "-c", parent], Path.cwd())}, 1)["parent"]
    assert median(costs).cpu > 0.2
    assert median(costs).wall > 0.2
