"""Compare the tool's tie maps with the recorded truth: ``python -m tests.lab.truth.agree [RELEASE…]``.

Prints, per release and fact, how many classes are right, unknown and wrong, and lists every class that is not
right with the reason. Classes that the library itself cannot build are left out.
"""

from __future__ import annotations

import functools
import multiprocessing
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.lab.truth.records import HERE, Truth, load
from tie_lint.interpreter.classes import Class
from tie_lint.library.index import library
from tie_lint.project.project import Project
from tie_lint.tiemap.tie_map import OF_TIED, TieMap, tie_map

FACTS = (
    "base_model_prefix",
    "input_embeddings",
    "output_embeddings",
    "ties",
    "ties_if_tied",
    "saves",
)
PROCESSES = 2
#: Classes that one task of a process compares: neighbours share a family, and with it what was read for it.
CHUNK = 40


@dataclass(frozen=True)
class Verdict:
    """One fact of one class: "right", "unknown" or "wrong", and what there is to say about it."""

    cls: str
    fact: str
    answer: str
    note: str = ""


def releases() -> list[str]:
    """The releases with recorded truth."""
    return sorted(path.stem for path in HERE.glob("*.jsonl"))


def compare(release: str, share: int = 1) -> list[Verdict]:
    """The verdicts on all classes of a release, in the order of the recorded file.

    With a share, on those of one in so many modules: neighbours rest on the same classes. They are few enough
    for one process.
    """
    built = sampled((truth for truth in load(release) if truth.built), release, share)
    if share > 1:
        project = new_project(release)
        return [verdict for truth in built for verdict in compare_class(project, truth)]
    chunks = [(release, built[start : start + CHUNK]) for start in range(0, len(built), CHUNK)]
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        return [verdict for verdicts in pool.imap(_compare_chunk, chunks) for verdict in verdicts]


def sampled(truths: Iterable[Truth], release: str, share: int) -> list[Truth]:
    """The classes of one in so many modules: always the same ones, and others of each release."""
    return [truth for truth in truths if zlib.crc32(f"{release} {truth.module}".encode()) % share == 0]


@functools.cache
def _project(release: str) -> Project:
    return new_project(release)


def new_project(release: str) -> Project:
    """The release's library as its facts are bundled, with nothing of it read."""
    return Project(library(release, installed=False))


def _compare_chunk(chunk: tuple[str, Sequence[Truth]]) -> list[Verdict]:
    release, truths = chunk
    return [verdict for truth in truths for verdict in compare_class(_project(release), truth)]


def compare_class(project: Project, truth: Truth) -> Iterator[Verdict]:
    """The verdicts on one class."""
    scope = project.module(truth.module)
    cls = None if scope is None else scope.lookup(truth.class_name)
    name = f"{truth.module.removeprefix('transformers.models.')}.{truth.class_name}"
    if not isinstance(cls, Class):
        yield from (Verdict(name, fact, "unknown", "the class was not found") for fact in FACTS)
        return
    found = tie_map(project.interpreter, cls)
    for fact in FACTS:
        yield from compare_fact(name, fact, found, truth)


def compare_fact(name: str, fact: str, found: TieMap, truth: Truth) -> Iterator[Verdict]:
    said, real = getattr(found, fact), getattr(truth, fact)
    if fact.endswith("_embeddings"):
        real = "" if real is None or real.startswith("!") else real
    elif real is None:
        return  # the build that this fact is about failed in the library as well
    if said is None and found.is_known(fact):
        raises = found.raises_if_tied if fact in OF_TIED else found.raises
        yield Verdict(name, fact, "wrong", f"said to raise {raises}, was built")
    elif said is None:
        yield Verdict(name, fact, "unknown", "; ".join(map(str, found.reasons.get(fact, ()))))
    elif said == real:
        yield Verdict(name, fact, "right")
    else:
        yield Verdict(name, fact, "wrong", _difference(said, real))


def _difference(said: object, real: object) -> str:
    if isinstance(said, list) and isinstance(real, list):
        only_said = [group for group in said if group not in real]
        only_real = [group for group in real if group not in said]
        return f"only said: {only_said}; only real: {only_real}"
    return f"said {said!r}, is {real!r}"


def figures(verdicts: Iterable[Verdict]) -> dict[str, Counter[str]]:
    """How many classes are right, unknown and wrong, by fact."""
    counted: dict[str, Counter[str]] = {fact: Counter() for fact in FACTS}
    for verdict in verdicts:
        counted[verdict.fact][verdict.answer] += 1
    return counted


def main(arguments: Sequence[str]) -> int:
    """The command; 1 when something is wrong."""
    wrong = False
    for release in arguments or releases():
        verdicts = compare(release)
        print(f"\n{release:24}{'right':>8}{'unknown':>9}{'wrong':>7}")
        for fact, counted in figures(verdicts).items():
            print(f"  {fact:22}{counted['right']:8}{counted['unknown']:9}{counted['wrong']:7}")
        for verdict in verdicts:
            if verdict.answer != "right":
                print(f"{verdict.answer}: {verdict.cls} {verdict.fact}: {verdict.note[:300]}")
        wrong = wrong or any(verdict.answer == "wrong" for verdict in verdicts)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
