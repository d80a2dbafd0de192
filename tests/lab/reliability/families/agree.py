"""What tie-lint says of every family, beside what the library did.

Besides the facts of ``tests.lab.truth`` there is ``builds``: whether a class can be built at all.
"""

from __future__ import annotations

import multiprocessing
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.lab.reliability.families import records
from tests.lab.truth.agree import Verdict, compare_fact
from tests.lab.truth.records import Truth
from tie_lint.interpreter.classes import Class
from tie_lint.library.index import library
from tie_lint.project.project import Project
from tie_lint.tiemap.tie_map import TieMap, tie_map

ALL_FACTS = ("builds", *records.KEPT)
CHUNK = 50
_GIVEN = re.compile(r"AttributeError: '\w+Config' object has no attribute")
Numbered = tuple[int, str, list[Truth]]


def compare(release: str, every: Sequence[records.Family], processes: int = 2) -> list[Verdict]:
    """Return the verdicts on all classes of a release."""
    numbered = [
        (number, family.text, truths)
        for number, (family, truths) in enumerate(zip(every, records.load(release), strict=True))
    ]
    chunks = [(release, numbered[start : start + CHUNK]) for start in range(0, len(numbered), CHUNK)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        return [verdict for verdicts in pool.imap(_compare_chunk, chunks) for verdict in verdicts]


def _compare_chunk(chunk: tuple[str, Sequence[Numbered]]) -> list[Verdict]:
    release, numbered = chunk
    project = Project(library(release, installed=False))
    return [
        verdict
        for number, text, truths in numbered
        for verdict in compare_family(project, f"{number}", text, truths)
    ]


def compare_family(project: Project, name: str, text: str, truths: Sequence[Truth]) -> Iterator[Verdict]:
    """Return the verdicts on the classes of one family."""
    scope = project.file(Path(f"/families/acme_{name}.py"), text)
    for truth in truths:
        cls = scope.lookup(truth.class_name)
        assert isinstance(cls, Class), truth
        found = tie_map(project.interpreter, cls)
        yield _compare_building(f"{name}.{truth.class_name}", found, truth)
        for fact in records.KEPT if truth.built else ():
            yield from compare_fact(f"{name}.{truth.class_name}", fact, found, truth)


def _compare_building(name: str, found: TieMap, truth: Truth) -> Verdict:
    """Return whether tie-lint knows that a class is built, or is not."""
    built = found.construction
    if built.raised is not None:
        right = not truth.built
        return Verdict(
            name, "builds", "right" if right else "wrong", f"said {built.raised}, is {truth.error}"
        )
    if truth.error is not None and _GIVEN.match(truth.error):
        return Verdict(name, "builds", "unknown", "what code reads of a config is taken to be given")
    if found.ties is None:
        return Verdict(name, "builds", "unknown", "; ".join(map(str, built.causes[:3])))
    return Verdict(name, "builds", "right" if truth.built else "wrong", f"is {truth.error}")


def counted(verdicts: Sequence[Verdict]) -> Counter[tuple[str, str]]:
    """Return how many verdicts there are of each fact and answer."""
    return Counter((verdict.fact, verdict.answer) for verdict in verdicts)
