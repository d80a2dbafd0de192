"""Count what the rules find of loads that go wrong: ``python -m tests.lab.loading.alarms [RELEASE…]``.

Each recorded folder is checked as it was loaded. A load goes wrong if it raises, leaves a parameter of a tie
without stored values, or makes one parameter of tensors with different values, or parts them. Prints for how
many of those there is an error, and for how many of the sound ones; lists what was missed and false alarms.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.lab.loading.agree import CHUNK, PROCESSES, records, releases
from tests.lab.loading.rows import ROWS, Model, Row, with_flag
from tie_lint.checkpoint.compare import Likeness
from tie_lint.checkpoint.config_file import ConfigFile
from tie_lint.interpreter.classes import Class
from tie_lint.library.index import library
from tie_lint.library.target import Policy, Target
from tie_lint.loading.folder import FolderView, ModelFolder
from tie_lint.loading.outcome import Stored
from tie_lint.project.project import Project
from tie_lint.rules import all_rules

FOUND, MISSED, SILENT, ALARM = "found", "missed", "silent", "alarm"


class Verdict(NamedTuple):
    """One recorded load."""

    cls: str
    row: str
    answer: str
    codes: tuple[str, ...]


class RecordedFolder(ModelFolder):
    """A folder as a record describes it."""

    def __init__(self, record: dict[str, Any], row: Row) -> None:
        text = json.dumps(with_flag(record["config"], row.flag), indent=2)
        super().__init__(Path("recorded"), ConfigFile(Path("recorded/config.json"), text))
        model = Model(tuple(record["names"]), record["sources"], record["prefix"])
        self._made = row.stored(model)
        shapes = {
            name: (shape[0] + 3 * (name in self._made.longer), *shape[1:])
            for name, value in self._made.values.items()
            if (shape := record["shapes"].get(value)) is not None
        }
        self.stored = Stored(sorted(self._made.values), shapes, self.alike)

    def likeness(self, one: str, two: str) -> Likeness | None:
        """Whether two tensors were given the same values."""
        same = self._made.values[one] == self._made.values[two]
        return "equal" if same and not {one, two} & self._made.longer else "different"

    def nbytes(self, name: str) -> int:
        """Nothing is stored."""
        return 0


def goes_wrong(record: dict[str, Any], row: Row) -> bool:
    """Whether a load did not give every name its stored values, all of them used."""
    real = record["outcomes"][record["rows"][row.name]]
    if "raises" in real or None in real["origin"] or "meta" in real["origin"]:
        return True
    model = Model(tuple(record["names"]), record["sources"], record["prefix"])
    stored = row.stored(model).values
    ends = {*model.sources, *model.sources.values()}
    used = {stored[origin] for origin in real["origin"]}
    return "parts" in real["says"] or any(stored[name] not in used for name in ends if name in stored)


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
    if not isinstance(cls, Class) or not record["sources"]:
        return
    target = Target.of(project.release, Policy())
    recorded = {name for group in record["ties_if_tied"] for name in group}
    rules = [rule for rule in all_rules().values() if rule.of_folders and not rule.of_adapters]
    for row in ROWS:
        if row.name in record["rows"]:
            view = FolderView(RecordedFolder(record, row), project, cls)
            if not set(view.prediction.ends) <= recorded:
                continue  # the record does not say whether they were stored
            problems = [(rule.code, problem) for rule in rules for problem in rule.check(view, target)]
            codes = tuple(dict.fromkeys(code for code, _ in problems))
            bad = any(problem.severity == "error" for _, problem in problems)
            answers = (FOUND, MISSED) if goes_wrong(record, row) else (ALARM, SILENT)
            answer = answers[not bad]
            yield Verdict(record["class"], row.name, answer, codes)


def main(arguments: Sequence[str]) -> int:
    """The command; 1 for a false alarm."""
    alarms = 0
    for release in arguments or releases():
        verdicts = judge(release)
        counted = Counter(verdict.answer for verdict in verdicts)
        print(release, dict(counted))
        for verdict in verdicts:
            if verdict.answer in (MISSED, ALARM):
                print(f"{verdict.answer}: {verdict.cls}, {verdict.row} {' '.join(verdict.codes)}")
        alarms += counted[ALARM]
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
