"""Fix the breaking mutants, and ask the library whether what they broke is back.

    python -m tests.lab.mutants.repair fix --release 4.51.3 --out FILE [--records FILE] [--module …]
        [--sample N]
    python -m tests.lab.mutants.repair check --fixed FILE --out FILE        # where that release is installed
    python -m tests.lab.mutants.repair table --checked FILE [--checked FILE]

``fix`` makes the fixes of what the tool finds in a mutant and not in the file as released: the safe ones,
and then the unsafe ones too. ``check`` imports the fixed texts in place of the real files and compares what
the classes do with what they do as released, and with the mutant; ``comparison`` says what is right. Modules
come in an order drawn at random, so that an unfinished run is a sample, too; both steps go on from what is in
the file. ``table`` lists on standard error what is not right.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.lab.mutants.comparison import REPAIRED, RIGHT
from tests.lab.mutants.mutant import Mutant
from tests.lab.mutants.operators import all_operators
from tests.lab.mutants.records import Outcome, decode, load


@dataclass(frozen=True)
class Repair:
    """A mutant, the texts that came of it by their paths below the package, and what was fixed.

    ``how`` is "safe" or "unsafe"; ``verdict`` is what the library makes of it (``comparison.worth``).
    """

    mutant: Mutant
    classes: list[str]
    how: str
    texts: dict[str, str]
    codes: list[str]
    verdict: str = ""

    @property
    def is_right(self) -> bool:
        """Whether the fix mends what it is for and makes nothing worse."""
        return self.verdict.partition(":")[0] in (REPAIRED, RIGHT)

    def encoded(self) -> str:
        """One line of a file."""
        return json.dumps({**vars(self), "mutant": list(vars(self.mutant).values())})

    @classmethod
    def decoded(cls, line: str) -> Repair:
        """The inverse of :meth:`encoded`."""
        found = json.loads(line)
        return cls(**{**found, "mutant": Mutant(*found["mutant"])})


def main(arguments: list[str] | None = None) -> int:
    """Run one of the steps; see the module docstring."""
    parser = argparse.ArgumentParser("tests.lab.mutants.repair", description=__doc__.partition("\n")[0])
    steps = parser.add_subparsers(required=True)
    step = steps.add_parser("fix")
    step.add_argument("--release", required=True)
    step.add_argument("--records", type=Path, help="instead of the recorded file of the release")
    step.add_argument("--module", action="append", help="only mutants of this one")
    step.add_argument("--sample", type=int, help="so many mutants of each operator, of a module at most one")
    step.add_argument("--out", type=Path, required=True)
    step.set_defaults(run=_fix)
    step = steps.add_parser("check")
    step.add_argument("--fixed", type=Path, required=True)
    step.add_argument("--out", type=Path, required=True)
    step.set_defaults(run=_check)
    step = steps.add_parser("table")
    step.add_argument("--checked", type=Path, action="append", required=True)
    step.set_defaults(run=_table)
    options = parser.parse_args(arguments)
    options.run(options)
    return 0


# -- fixing --------------------------------------------------------------------------------------------


def _fix(options: argparse.Namespace) -> None:
    from tests.lab.mutants.fixing import repairs

    chosen = list(drawn(_breaking(options.release, options.records, options.module), options.sample))
    done = {repair.mutant for repair in _read(options.out)}
    for number, outcome in enumerate(chosen, 1):
        if outcome.mutant not in done:
            print(f"{number}/{len(chosen)} {outcome.mutant}", file=sys.stderr, flush=True)
            _append(options.out, repairs(options.release, outcome))


def _breaking(release: str, records: Path | None, modules: list[str] | None) -> list[Outcome]:
    """The mutants that break something and are no form of saying that nothing ties."""
    lines = records.read_text(encoding="utf-8").splitlines() if records else []
    outcomes = [decode(line) for line in lines if line.startswith("[")] or load(release)
    return [
        one
        for one in sorted(outcomes, key=lambda one: one.mutant)
        if (not modules or one.mutant.module in modules)
        and one.breaks
        and not one.mutant.how.on_purpose(release)
    ]


def drawn(outcomes: list[Outcome], sample: int | None) -> Iterator[Outcome]:
    """All of them, or ``sample`` of each operator, each of another module, drawn at random."""
    shuffled, order = random.Random(0).sample(outcomes, len(outcomes)), dict[str, int]()
    for outcome in shuffled:
        order.setdefault(outcome.mutant.module, len(order))
    taken: dict[str, set[str]] = defaultdict(set)
    for outcome in sorted(shuffled, key=lambda one: order[one.mutant.module]):
        modules, module = taken[outcome.mutant.operator], outcome.mutant.module
        if sample is None or (len(modules) < sample and module not in modules):
            modules.add(module)
            yield outcome


def _read(path: Path) -> list[Repair]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [Repair.decoded(line) for line in lines]


def _append(path: Path, repairs: Iterable[Repair]) -> None:
    with path.open("a", encoding="utf-8") as file:
        for repair in repairs:
            file.write(repair.encoded() + "\n")


# -- asking the library -------------------------------------------------------------------------------


def _check(options: argparse.Namespace) -> None:
    from tests.lab.mutants.child_processes import forked

    done = {(repair.mutant, repair.how) for repair in _read(options.out)}
    todo: dict[str, list[Repair]] = defaultdict(list)
    for repair in _read(options.fixed):
        if (repair.mutant, repair.how) in done:
            continue
        if repair.texts:
            todo[repair.mutant.module].append(repair)
        else:
            _append(options.out, [repair])
    from tests.lab.mutants.fixed_models import get_ready

    get_ready()
    for number, (module, repairs) in enumerate(todo.items(), 1):
        print(f"{number}/{len(todo)} {module}", file=sys.stderr, flush=True)
        forked(_check_module, module, repairs, options.out)
        os.wait()


def _check_module(module: str, repairs: list[Repair], out: Path) -> None:
    from tests.lab.mutants.fixed_models import checked

    for repair in checked(module, repairs):
        _append(out, [repair])


# -- counting -----------------------------------------------------------------------------------------

COLUMNS = ("breaking", "with a fix", "right", "repaired", "safe", "safe and right", "safe and repaired")


def _table(options: argparse.Namespace) -> None:
    for path in options.checked:
        repairs = _read(path)
        print(f"\n{path.stem}\n\n{table(repairs)}")
        for repair in repairs:
            if repair.codes and not repair.is_right:
                print(f"{repair.how}: {repair.mutant} {repair.codes} {repair.verdict}", file=sys.stderr)


def table(repairs: Iterable[Repair]) -> str:
    """By operator: how many mutants break something, how many have a fix, what all fixes come to; how many
    safe fixes do something about, and what these come to alone."""
    counts: Counter[tuple[str, str]] = Counter()
    for repair in repairs:
        operator, before = repair.mutant.operator, "" if repair.how == "unsafe" else "safe and "
        if repair.how == "unsafe":
            counts[operator, "breaking"] += 1
        if repair.codes:
            counts[operator, "safe" if before else "with a fix"] += 1
            counts[operator, f"{before}right"] += repair.is_right
            counts[operator, f"{before}repaired"] += repair.verdict == REPAIRED
    return "\n".join(_rows(counts))


def _rows(counts: Counter[tuple[str, str]]) -> Iterator[str]:
    yield f"| operator | {' | '.join(COLUMNS)} |"
    yield f"|---|{'---:|' * len(COLUMNS)}"
    for name in all_operators():
        if counts[name, "breaking"]:
            yield f"| {name} | {' | '.join(str(counts[name, column]) for column in COLUMNS)} |"
    totals = [sum(counts[name, column] for name in all_operators()) for column in COLUMNS]
    yield f"| all | {' | '.join(map(str, totals))} |"


if __name__ == "__main__":
    sys.exit(main())
