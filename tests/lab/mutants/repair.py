"""Fix the breaking mutants, and ask the library whether what they broke is back.

    python -m tests.lab.mutants.repair fix --release 4.51.3 --out FILE [--records FILE] [--module …]
        [--sample N]
    python -m tests.lab.mutants.repair check --fixed FILE --out FILE        # where that release is installed
    python -m tests.lab.mutants.repair table --checked FILE [--checked FILE]

``fix`` makes the fixes of what the tool finds in a mutant and not in the file as released: the safe ones,
and then the unsafe ones too. ``check`` imports the fixed texts in place of the real files and compares the
classes that the mutant had changed with their unmutated selves, as the recorder does. Modules come in an
order drawn at random, so that an unfinished run is a sample, too.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lab.mutants.mutant import Mutant
from tests.lab.mutants.operators import all_operators
from tests.lab.mutants.records import Outcome, decode, load

TIMEOUT = 90


@dataclass(frozen=True)
class Repair:
    """A mutant, the texts that came of it by their paths below the package, and what was fixed.

    ``how`` is "safe" or "unsafe"; ``verdict`` says what the library thinks of it: "repaired", or in what the
    classes still differ.
    """

    mutant: Mutant
    classes: list[str]
    how: str
    texts: dict[str, str]
    codes: list[str]
    verdict: str = ""

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
    _get_ready()
    for number, (module, repairs) in enumerate(todo.items(), 1):
        print(f"{number}/{len(todo)} {module}", file=sys.stderr, flush=True)
        forked(_check_module, module, repairs, options.out)
        _wait()


def _get_ready() -> None:
    import gc

    import torch

    from tests.lab.mutants.loading import warm_up
    from tests.lab.truth.observe import quieten

    quieten()
    torch.set_num_threads(1)
    warm_up()
    gc.freeze()


def _wait() -> None:
    import os

    os.wait()


def _check_module(module: str, repairs: list[Repair], out: Path) -> None:
    from tests.lab.mutants import record
    from tests.lab.mutants.child_processes import Lost, in_child
    from tests.lab.mutants.replaced_modules import import_all_but

    original = in_child(20 * TIMEOUT, record.observe_original, module)
    if isinstance(original, Lost):
        return
    import_all_but(record._package(module), original.neighbours)
    for repair in repairs:
        verdict = in_child(TIMEOUT, _verdict, repair, original)
        said = f"lost: {verdict.why}" if isinstance(verdict, Lost) else verdict
        _append(out, [Repair(**{**vars(repair), "texts": {}, "verdict": said})])


def _verdict(repair: Repair, original: Any) -> str:
    """ "repaired", or the aspects in which the classes that the mutant changed are still different."""
    from tests.lab.mutants import record
    from tests.lab.mutants.replaced_modules import replace

    mutant = repair.mutant
    for path, text in repair.texts.items():
        replace("transformers." + path.removesuffix(".py").replace("/", "."), text)
    try:
        models = record._models(mutant.module)
    except Exception as error:
        return f"import: {error}"
    names = [name for name in repair.classes if name in original.behaviour]
    forced = mutant.how.where == "modeling"
    after = record._compared(mutant, original, models, names, forced)
    return " ".join(after.aspects) or "repaired"


# -- counting -----------------------------------------------------------------------------------------

COLUMNS = ("breaking", "with a fix", "repaired", "safe", "safe and right")


def _table(options: argparse.Namespace) -> None:
    for path in options.checked:
        print(f"\n{path.stem}\n\n{table(_read(path))}")


def table(repairs: Iterable[Repair]) -> str:
    """By operator: how many mutants break something, how many have a fix, how many of these are repaired
    with all fixes; and how many are fixed by safe fixes alone, and are right."""
    counts: Counter[tuple[str, str]] = Counter()
    for repair in repairs:
        operator = repair.mutant.operator
        if repair.how == "unsafe":
            counts[operator, "breaking"] += 1
            counts[operator, "with a fix"] += bool(repair.codes)
            counts[operator, "repaired"] += repair.verdict == "repaired"
        elif repair.codes:
            counts[operator, "safe"] += 1
            counts[operator, "safe and right"] += repair.verdict == "repaired"
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
