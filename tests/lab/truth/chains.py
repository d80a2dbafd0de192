"""Compare the chain with the recorded truth: ``python -m tests.lab.truth.chains [RELEASE…]``.

A class whose links all hold has to tie in the library. One that ties there, by what this release ties by, has
to have no link for tying that does not hold. Prints how many classes are right, unknown and wrong, and lists
those that are not right with their links.
"""

from __future__ import annotations

import functools
import multiprocessing
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.lab.truth.agree import CHUNK, PROCESSES, new_project, releases, sampled
from tests.lab.truth.records import Truth, load
from tie_lint.interpreter.classes import Class
from tie_lint.project.project import Project
from tie_lint.tiemap.chain import Link, chain
from tie_lint.tiemap.shares import Mechanism, shares
from tie_lint.tiemap.view import ModelView


class Verdict(NamedTuple):
    """One class: "right", "unknown" or "wrong", and the links."""

    cls: str
    answer: str
    note: str = ""


def compare(release: str, share: int = 1) -> list[Verdict]:
    """The verdicts on all classes of a release, or on those of one in so many modules, in their order."""
    built = sampled((truth for truth in load(release) if truth.built), release, share)
    if share > 1:
        project = new_project(release)
        return [compare_class(project, truth) for truth in built]
    chunks = [(release, built[start : start + CHUNK]) for start in range(0, len(built), CHUNK)]
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        return [verdict for verdicts in pool.imap(_compare_chunk, chunks) for verdict in verdicts]


@functools.cache
def _project(release: str) -> Project:
    return new_project(release)


def _compare_chunk(chunk: tuple[str, Sequence[Truth]]) -> list[Verdict]:
    release, truths = chunk
    return [compare_class(_project(release), truth) for truth in truths]


def compare_class(project: Project, truth: Truth) -> Verdict:
    """The verdict on one class."""
    scope = project.module(truth.module)
    cls = None if scope is None else scope.lookup(truth.class_name)
    name = f"{truth.module.removeprefix('transformers.models.')}.{truth.class_name}"
    if not isinstance(cls, Class):
        return Verdict(name, "unknown", "the class was not found")
    view = ModelView(project, cls, Path("model.py"))
    links = chain(view)
    tied, all_hold = is_tied(truth), all(link.holds is True for link in links)
    note = "; ".join(f"{link.name} {link.holds}: {link.text}" for link in links)
    if all_hold and not tied:
        return Verdict(name, "wrong", f"all links hold and it does not tie: {note}")
    broken = [link for link in links if "tie" in link.serves and link.holds not in (True, None)]
    if tied and broken and _mechanisms(view, links) & {"mapping", "getters"}:
        return Verdict(name, "wrong", f"it ties, and {broken[0].name} does not hold: {note}")
    if any(link.holds is None for link in links):
        return Verdict(name, "unknown", note)
    return Verdict(name, "right")


def _mechanisms(view: ModelView, links: list[Link]) -> set[Mechanism]:
    """What ties the vocabulary head."""
    found, head = shares(view, view.models.default), f"{view.embeddings.head}.weight"
    return {tie.by for share in found or () for tie in share.ties if head in (share.source, tie.target)}


def is_tied(truth: Truth) -> bool:
    """Whether what the two getters hand out is one parameter, or one list of them follows the other."""
    one, two = truth.output_embeddings, truth.input_embeddings
    if not one or not two or one == two:
        return False
    return any(_reaches(group, one) and _reaches(group, two) for group in truth.ties or ())


def _reaches(group: list[str], path: str) -> bool:
    return any(name.startswith(f"{path}.") for name in group)


def main(arguments: Sequence[str]) -> int:
    """The command; 1 when something is wrong."""
    wrong = False
    for release in arguments or releases():
        verdicts = compare(release)
        counted = Counter(verdict.answer for verdict in verdicts)
        print(release, *(f"{answer} {counted[answer]}" for answer in ("right", "unknown", "wrong")))
        for verdict in verdicts:
            if verdict.answer != "right":
                print(f"{verdict.answer}: {verdict.cls}: {verdict.note[:600]}")
        wrong = wrong or counted["wrong"] > 0
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
