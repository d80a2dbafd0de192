"""Compare what tie-lint says of a load with the records: ``python -m tests.lab.loading.agree [RELEASE…]``.

Prints, per release and row, for how many classes every parameter that may be tied is told right, how many are
unknown and how many wrong; and lists what is not right with the reason.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.lab.loading.rows import ROWS, Model, Row, with_flag
from tie_lint.interpreter.classes import Class
from tie_lint.library.index import library
from tie_lint.loading.outcome import Loaded, Prediction, Stored
from tie_lint.loading.predict import predict
from tie_lint.project.project import Project

HERE = Path(__file__).parent
PROCESSES = 2
CHUNK = 20
RIGHT, UNKNOWN, WRONG = "right", "unknown", "wrong"


class Verdict(NamedTuple):
    """One row of one class."""

    cls: str
    row: str
    answer: str
    note: str = ""


def releases() -> list[str]:
    """The releases with records."""
    return sorted(path.stem for path in HERE.glob("*.jsonl"))


def records(release: str) -> list[dict[str, Any]]:
    """The classes of a release that could be made small."""
    lines = (HERE / f"{release}.jsonl").read_text(encoding="utf-8").splitlines()
    return [record for record in map(json.loads, lines) if "error" not in record]


def judge(release: str) -> list[Verdict]:
    """The verdicts on all rows of all classes of a release."""
    known = records(release)
    chunks = [(release, known[start : start + CHUNK]) for start in range(0, len(known), CHUNK)]
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        return [verdict for verdicts in pool.imap(_judge_chunk, chunks) for verdict in verdicts]


_projects: dict[str, Project] = {}


def _judge_chunk(chunk: tuple[str, Sequence[dict[str, Any]]]) -> list[Verdict]:
    release, known = chunk
    project = _projects.setdefault(release, Project(library(release, installed=False)))
    return [verdict for record in known for verdict in judge_class(project, record)]


def judge_class(project: Project, record: dict[str, Any]) -> Iterator[Verdict]:
    """The verdicts on the rows of one class."""
    scope = project.module(record["module"])
    cls = None if scope is None else scope.lookup(record["class"])
    model = Model(tuple(record["names"]), record["sources"], record["prefix"])
    for row in ROWS:
        if row.name in record["rows"]:
            real = record["outcomes"][record["rows"][row.name]]
            if not isinstance(cls, Class):
                yield Verdict(record["class"], row.name, UNKNOWN, "the class was not found")
                continue
            said = predict(
                project.interpreter, cls, with_flag(record["config"], row.flag), _stored(row, model, record)
            )
            yield Verdict(record["class"], row.name, *_compared(said, real, record, row.stored(model).values))


def _stored(row: Row, model: Model, record: dict[str, Any]) -> Stored:
    stored = row.stored(model)
    shapes = {}
    for name, value in stored.values.items():
        shape = record["shapes"].get(value)
        if shape is not None:
            shapes[name] = (shape[0] + 3 * (name in stored.longer), *shape[1:])
    return Stored(sorted(stored.values), shapes, lambda one, two: stored.values[one] == stored.values[two])


def _compared(
    said: Prediction, real: dict[str, Any], record: dict[str, Any], values: dict[str, str]
) -> tuple[str, str]:
    if said.raises:
        return (RIGHT, "") if "raises" in real else (WRONG, f"said to raise {said.raises}")
    if said.loaded is None:
        return UNKNOWN, said.reason
    if said.loaded.mismatched:
        return (RIGHT, "") if "raises" in real else (WRONG, f"said not to fit: {said.loaded.mismatched}")
    if "raises" in real:
        return WRONG, f"raises {real['raises']}: {real['message'][:100]}"
    return _same(said.loaded, real, record, values)


def _same(
    said: Loaded, real: dict[str, Any], record: dict[str, Any], values: dict[str, str]
) -> tuple[str, str]:
    names = sorted({name for group in record["ties_if_tied"] for name in group})
    really = dict(zip(names, real["origin"], strict=True))
    notes = []
    for name, origin in really.items():
        wanted = values.get(origin, origin) if origin is not None else "new"
        ours = said.origins.get(name)
        told = None if ours is None else values[ours.name] if ours.kind == "stored" else ours.kind
        if told != ("empty" if wanted == "meta" else wanted):
            notes.append(f"{name}: said {told}, is {wanted}")
    ours_groups = [group for group in said.groups if set(group) <= set(names)]
    if ours_groups != real["groups"]:
        notes.append(f"groups: said {ours_groups}, are {real['groups']}")
    return (WRONG, "; ".join(notes)) if notes else (RIGHT, "")


def main(arguments: Sequence[str]) -> int:
    """The command; 1 when something is wrong."""
    wrong = False
    for release in arguments or releases():
        verdicts = judge(release)
        print(f"\n{release:50}{'right':>8}{'unknown':>9}{'wrong':>7}")
        for row in dict.fromkeys(verdict.row for verdict in verdicts):
            counted = Counter(verdict.answer for verdict in verdicts if verdict.row == row)
            print(f"  {row:48}{counted[RIGHT]:8}{counted[UNKNOWN]:9}{counted[WRONG]:7}")
        total = Counter(verdict.answer for verdict in verdicts)
        print(f"  {'all':48}{total[RIGHT]:8}{total[UNKNOWN]:9}{total[WRONG]:7}")
        for verdict in verdicts:
            if verdict.answer != RIGHT:
                print(f"{verdict.answer}: {verdict.cls}, {verdict.row}: {verdict.note[:400]}")
        wrong = wrong or any(verdict.answer == WRONG for verdict in verdicts)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
