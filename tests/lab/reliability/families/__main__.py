"""Compare what tie-lint says of every family with what the library did.

Prints, by release and fact, how many classes are right, unknown and wrong, and each class that is wrong.
``--record`` writes the counts into the page.
"""

from __future__ import annotations

import argparse
import sys

from tests.lab.reliability import page
from tests.lab.reliability.families import records
from tests.lab.reliability.families.agree import ALL_FACTS, compare, counted

MORE = "Files that hypothesis puts together, built by the library. The facts are those of `tests/lab/truth`."


def main() -> int:
    """Run the comparison; 1 when something is wrong."""
    parser = argparse.ArgumentParser("tests.lab.reliability.families", description=__doc__)
    parser.add_argument("--release", action="append")
    parser.add_argument("--verbose", action="store_true", help="print what is unknown, too")
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    every, figures, wrong = records.load_drawn(), dict[str, int | float]({}), 0
    figures["families"] = len(every)
    for release in options.release or records.releases():
        verdicts = compare(release, every)
        count = counted(verdicts)
        print(f"\n{release:24}{'right':>8}{'unknown':>9}{'wrong':>7}")
        for fact in ALL_FACTS:
            right, unknown, bad = (count[fact, answer] for answer in ("right", "unknown", "wrong"))
            print(f"  {fact:22}{right:8}{unknown:9}{bad:7}")
        for verdict in verdicts:
            if verdict.answer == "wrong" or (options.verbose and verdict.answer == "unknown"):
                print(f"{verdict.answer}: {verdict.cls} {verdict.fact}: {verdict.note[:300]}")
        total = {
            answer: sum(count[fact, answer] for fact in ALL_FACTS) for answer in ("right", "unknown", "wrong")
        }
        figures |= {f"{release}: facts {answer}": number for answer, number in total.items()}
        wrong += total["wrong"]
    if options.record:
        page.record("families", figures, MORE)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
