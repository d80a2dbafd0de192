"""Compare what the tool says of every mutant with what the library did with it.

    python -m tests.lab.mutants.agreement [--release 4.51.3] [--operator delete-prefix] [--sample 5]
        [--module bert.modeling_bert] [--in-place | --copied-out] [--jobs 2] [--minutes 30] [--keep FILE]
        [--list FILE] [--page docs/accuracy.md]

Prints a table by operator for each release, once with the mutants in the library's own tree and once with the
model's folder copied out of it. With ``--keep``, verdicts are kept in a file, and a second run goes on from
there; the modules come in no order, so that what has been checked when the time is over is a fair sample.
``--list`` writes down each disagreement, ``--page`` the page of the documentation. The exit code is 1 where
there is a disagreement.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import multiprocessing
import random
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.lab.mutants.mutant import RELEASES
from tests.lab.mutants.operators import all_operators
from tests.lab.mutants.records import Outcome, load
from tests.lab.mutants.table import page, table
from tests.lab.mutants.verdict import Place, Verdict, check_mutant
from tests.lab.mutants.verdict_file import append, read

ItemT = TypeVar("ItemT")
Work = tuple[Place, list[Outcome]]
"""A release and mutants of one module, or a piece of them."""

PIECE = 100
"""Mutants of a module that a process takes at once: mostly all, so that what it has read serves them all."""


def main(arguments: list[str] | None = None) -> int:
    """Run the comparison; see the module docstring."""
    parser = argparse.ArgumentParser("tests.lab.mutants.agreement", description=__doc__.partition("\n")[0])
    parser.add_argument("--release", action="append", choices=RELEASES)
    parser.add_argument("--operator", action="append", choices=all_operators())
    parser.add_argument("--module", action="append")
    places = parser.add_mutually_exclusive_group()
    places.add_argument("--in-place", dest="places", action="store_const", const=[False])
    places.add_argument("--copied-out", dest="places", action="store_const", const=[True])
    parser.add_argument("--sample", type=int, help="of each operator's mutants only so many")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin nothing after these")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--list", type=Path)
    parser.add_argument("--page", type=Path)
    options = parser.parse_args(arguments)
    chosen = {
        Place(release, is_copied_out): [
            outcome
            for operator in options.operator or all_operators()
            for outcome in chosen_from(load(release), operator, options.sample)
            if not options.module or outcome.mutant.module in options.module
        ]
        for release in options.release or RELEASES
        for is_copied_out in options.places or (False, True)
    }
    verdicts = check_all(chosen, options.jobs, options.minutes, options.keep)
    for place, checked in verdicts.items():
        print(f"\n{place}\n{table(checked)}")
    if options.list:
        lines = [line for place, checked in verdicts.items() for line in _lines(place, checked)]
        options.list.write_text("".join(lines), encoding="utf-8")
    if options.page:
        options.page.write_text(page(verdicts, options.sample), encoding="utf-8")
    return 0 if all(verdict.agrees for checked in verdicts.values() for verdict in checked) else 1


def chosen_from(outcomes: list[Outcome], operator: str, number: int | None) -> list[Outcome]:
    """An operator's mutants; with a number, so many of those that break something and of the others."""
    of_operator = [outcome for outcome in outcomes if outcome.mutant.operator == operator]
    if number is None:
        return of_operator
    broken = [outcome for outcome in of_operator if outcome.breaks]
    return spread(broken, number) + spread([o for o in of_operator if not o.breaks], number)


def spread(items: Sequence[ItemT], number: int) -> list[ItemT]:
    """So many of the items, or all if they are fewer, at even distances."""
    count = min(number, len(items))
    return [items[index * len(items) // count] for index in range(count)]


def check_all(
    chosen: dict[Place, list[Outcome]], jobs: int, minutes: float = float("inf"), keep: Path | None = None
) -> dict[Place, list[Verdict]]:
    """The verdicts by place, with a progress bar on standard error."""
    verdicts = read(keep, chosen) if keep else {place: [] for place in chosen}
    done = {place: {verdict.outcome.mutant for verdict in checked} for place, checked in verdicts.items()}
    todo = {
        place: [outcome for outcome in outcomes if outcome.mutant not in done[place]]
        for place, outcomes in chosen.items()
    }
    work = [piece for place, outcomes in todo.items() for piece in _pieces(place, outcomes)]
    random.Random(0).shuffle(work)
    end = time.monotonic() + 60 * minutes
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("mutants"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=sum(map(len, todo.values())))
        for place, checked in _checked(work, jobs, end):
            verdicts[place] += checked
            bar.advance(task, len(checked))
            if keep:
                append(keep, place, checked)
    return verdicts


def _pieces(place: Place, outcomes: list[Outcome]) -> Iterator[Work]:
    in_order = sorted(outcomes, key=lambda outcome: outcome.mutant)
    for _, of_module in itertools.groupby(in_order, key=lambda outcome: outcome.mutant.module):
        every = list(of_module)
        for start in range(0, len(every), PIECE):
            yield place, every[start : start + PIECE]


def _checked(work: list[Work], jobs: int, end: float) -> Iterator[tuple[Place, list[Verdict]]]:
    in_time = functools.partial(_check_piece, end)
    if jobs == 1:
        yield from map(in_time, work)
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap_unordered(in_time, work)
        pool.close()
        pool.join()  # so that they end by themselves, and clear away what they have copied


def _check_piece(end: float, work: Work) -> tuple[Place, list[Verdict]]:
    place, outcomes = work
    return place, [check_mutant(place, outcome) for outcome in outcomes if time.monotonic() < end]


def _lines(place: Place, verdicts: Iterable[Verdict]) -> Iterator[str]:
    for verdict in verdicts:
        if not verdict.agrees or verdict.beside:
            mutant, said = verdict.outcome.mutant, sorted(verdict.said, key=str)
            yield (
                f"{verdict.kind}: {place} {mutant.operator} {mutant.module} {mutant.class_name} | breaks "
                f"{' '.join(verdict.outcome.aspects) or 'nothing'} at {' '.join(verdict.outcome.classes)} | "
                f"tool: {', '.join(f'{code} at {name}' for code, name in said) or 'nothing'}\n"
            )


if __name__ == "__main__":
    sys.exit(main())
