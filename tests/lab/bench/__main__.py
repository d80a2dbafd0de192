"""How fast tie-lint is beside its peers.

``python -m tests.lab.bench --work DIR --old SOURCE --new SOURCE [ITEM…]``, SOURCE being the ``transformers``
directory of release 4.51.3 and of 5.23.0. The peers are installed into virtual environments below DIR, which
keeps the figures too, so that the items may be measured one at a time; ``docs/performance.md`` is written
from all there are. Everything is a whole process; the commands of an item take turns, and the median of
several repetitions counts. All items together take ten minutes on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.lab.bench.items import ITEMS, REPETITIONS, Bench
from tests.lab.bench.measure import in_turn, median
from tests.lab.bench.page import page

PAGE = Path(__file__).parents[3] / "docs" / "performance.md"


def main(arguments: Sequence[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("items", nargs="*", metavar="ITEM", help=f"of {', '.join(ITEMS)} (default: all)")
    parser.add_argument(
        "--work", type=Path, required=True, metavar="DIR", help="where to install and keep things"
    )
    parser.add_argument("--old", type=Path, required=True, metavar="SOURCE", help="transformers 4.51.3")
    parser.add_argument("--new", type=Path, required=True, metavar="SOURCE", help="transformers 5.23.0")
    parser.add_argument("--repetitions", type=int, metavar="N", help="(default: what suits the item)")
    parser.add_argument(
        "--jobs", type=int, default=2, metavar="N", help="processes of tie-lint on many files"
    )
    options = parser.parse_args(arguments)
    bench = Bench(options.work.absolute(), options.old.absolute(), options.new.absolute(), options.jobs)
    kept = options.work / "figures.json"
    figures = json.loads(kept.read_text()) if kept.exists() else {}
    for name in options.items or ITEMS:
        repetitions = options.repetitions or REPETITIONS[name]
        found = in_turn(ITEMS[name](bench), repetitions)
        figures[name] = {
            "repetitions": repetitions,
            "costs": {command: median(costs).as_json() for command, costs in found.items()},
        }
        kept.write_text(json.dumps(figures, indent=1))
        PAGE.write_text(page(figures, options.jobs), encoding="utf-8")
        print(f"{name}:", *(f"{command} {median(costs)}" for command, costs in found.items()), sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
