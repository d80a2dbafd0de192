"""Compare the tool's tie maps with the recorded truth about others' packages.

    python -m tests.lab.packages.agree [RELEASE…] [--only REGEX] [--verbose] [--page docs/packages.md]

Prints, per release, two tables and a list. The first table counts right, unknown and wrong over the classes
that the recorder could build. The second counts unknown over all classes that ``tie-lint explain`` lists,
buildable or not. The list has the causes of what is unknown: behind how many classes each stands, and behind
how many of these it stands alone. ``--verbose`` adds a line for every fact that is not right, ``--page``
writes the page of the documentation. The sources are downloaded where they are not there.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab.packages.page import Figures, page
from tests.lab.packages.records import Record, load, releases
from tests.lab.packages.sources import Package, packages
from tests.lab.truth.agree import FACTS, Verdict, compare_fact, figures
from tie_lint.cause import Cause
from tie_lint.library.target import Targets
from tie_lint.pipeline.explain import Explanations
from tie_lint.pipeline.explanation import FreshExplanation
from tie_lint.pipeline.resolver import Resolved
from tie_lint.settings import Settings

#: Causes that the list names.
CAUSES = 40


@dataclass(frozen=True)
class Unknown:
    """A fact of a class that the tool lists and does not know."""

    cls: str
    fact: str
    why: list[Cause]

    @property
    def causes(self) -> list[str]:
        """What it puts down as causes, without what tells one class from another."""
        return list(dict.fromkeys(_kind(cause.text) for cause in self.why)) or [_kind("")]

    @property
    def has_place(self) -> bool:
        """Whether it names a construct and where that is: a line of a file, or a class of the library."""
        placed = [cause for cause in self.why if cause.line or cause.path.startswith("transformers.")]
        return any(cause.text for cause in placed)


@dataclass(frozen=True)
class Judged:
    """What there is to say of one package under one release."""

    listed: int
    raising: int
    """How many of the listed classes are certain to raise when they are built."""
    verdicts: list[Verdict]
    unknown: list[Unknown]


def judge(release: str, package: Package) -> Judged:
    """Explain every model class of a package, and compare with what was recorded."""
    folder = package.folder()
    records = {
        (record.module, record.class_name): record
        for record in load(release)
        if record.package == package.requirement
    }
    explained = Explanations([str(folder)], Resolved(Settings(folder), Targets((release,), "")))
    found = {
        (_module(folder, item), item.view.name): item
        for item in explained
        if isinstance(item, FreshExplanation)
    }
    unknown = [missing for key, item in found.items() for missing in _unknown(package, key, item)]
    verdicts = [
        verdict
        for key, record in records.items()
        if record.built
        for verdict in _verdicts(record, found.get(key))
    ]
    raising = sum(item.ties.raises is not None for item in found.values())
    return Judged(len(found), raising, verdicts, unknown)


def _module(folder: Path, item: FreshExplanation) -> str:
    parts = Path(item.view.path).resolve().relative_to(folder.resolve()).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _unknown(package: Package, key: tuple[str, str], item: FreshExplanation) -> Iterator[Unknown]:
    for fact in FACTS:
        if not item.ties.is_known(fact):
            yield Unknown(f"{package.name} {'.'.join(key)}", fact, item.reasons.get(fact, []))


def _verdicts(record: Record, item: FreshExplanation | None) -> Iterator[Verdict]:
    name = f"{record.package} {record.module}.{record.class_name}"
    for fact in FACTS:
        if item is None:
            yield Verdict(name, fact, "unknown", "the class was not found")
        else:
            yield from compare_fact(name, fact, item.ties, record)


def _kind(cause: str) -> str:
    """A cause without the part of the model it is about, and without its numbers."""
    while re.match(r"\S+: \S+: ", cause) or re.match(r"\S+\.\S+: ", cause):
        cause = cause.partition(": ")[2]
    return re.sub(r"\d+", "0", cause).strip(" :?")[:110] or "no cause is given"


def main(arguments: Sequence[str]) -> int:
    """The command; 1 when something is wrong."""
    parser = argparse.ArgumentParser("tests.lab.packages.agree", description=__doc__.partition("\n")[0])
    parser.add_argument("releases", nargs="*", metavar="RELEASE")
    parser.add_argument("--only", default="", help="packages whose requirement matches")
    parser.add_argument("--verbose", action="store_true", help="list every fact that is not right")
    parser.add_argument("--page", type=Path, help="write the page of the documentation")
    options = parser.parse_args(arguments)
    wrong, counted = False, []
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        for release in options.releases or releases():
            tasks = [(release, p) for p in packages() if re.search(options.only, p.requirement)]
            judged = pool.starmap(judge, tasks, chunksize=1)
            wrong = _print(release, judged, options.verbose) or wrong
            counted.append(_figures(release, judged))
    if options.page:
        options.page.write_text(page(counted), encoding="utf-8")
    return 1 if wrong else 0


def _figures(release: str, judged: Sequence[Judged]) -> Figures:
    unknown = [missing for one in judged for missing in one.unknown]
    return Figures(
        release,
        figures([verdict for one in judged for verdict in one.verdicts]),
        sum(one.listed for one in judged),
        sum(one.raising for one in judged),
        Counter(missing.fact for missing in unknown),
        causes(unknown),
    )


def _print(release: str, judged: Sequence[Judged], verbose: bool) -> bool:
    verdicts = [verdict for one in judged for verdict in one.verdicts]
    unknown = [missing for one in judged for missing in one.unknown]
    listed = sum(one.listed for one in judged)
    print(f"\n{release:24}{'right':>8}{'unknown':>9}{'wrong':>7}{'':8}unknown of {listed} listed")
    for fact, counted in figures(verdicts).items():
        missing = sum(one.fact == fact for one in unknown)
        share = f"{missing:8} {missing / max(listed, 1):6.1%}"
        print(f"  {fact:22}{counted['right']:8}{counted['unknown']:9}{counted['wrong']:7}{'':8}{share}")
    print(f"  certain to raise when built: {sum(one.raising for one in judged)}")
    lost = [one for one in unknown if not one.has_place]
    print(f"  unknown without a cause that has a place: {len(lost)} of {len(unknown)}")
    for one in lost[:CAUSES]:
        print(f"    {one.cls} {one.fact}: {one.why}")
    print("\n classes  alone  cause")
    for cause, classes, alone in causes(unknown)[:CAUSES]:
        print(f"{classes:8}{alone:7}  {cause}")
    for verdict in verdicts:
        if verdict.answer == "wrong" or (verbose and verdict.answer == "unknown"):
            print(f"{verdict.answer}: {verdict.cls} {verdict.fact}: {verdict.note[:300]}")
    if verbose:
        for one in unknown:
            why = "; ".join(f"{cause.place}: {cause.text}" for cause in one.why[:3])
            print(f"listed: {one.cls} {one.fact}: {why}")
    return any(verdict.answer == "wrong" for verdict in verdicts)


def causes(unknown: Iterable[Unknown]) -> list[tuple[str, int, int]]:
    """Each cause, how many classes it stands behind, and how many have no other; the dearest first."""
    found: dict[str, set[str]] = {}
    for missing in unknown:
        found.setdefault(missing.cls, set()).update(missing.causes)
    classes = Counter(cause for causes in found.values() for cause in causes)
    alone = Counter(next(iter(causes)) for causes in found.values() if len(causes) == 1)
    return [(cause, count, alone[cause]) for cause, count in classes.most_common()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
