"""How fast tie maps are: ``python -m tests.lab.bench.explain [RELEASE…]``.

Maps every model class that the recorded truth of a release names, in one process, and with ``--source DIR``
compares that with what ``ast.parse`` of their files takes.
"""

from __future__ import annotations

import argparse
import ast
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.lab.truth.agree import releases
from tests.lab.truth.records import Truth, load
from tie_lint.interpreter.classes import Class
from tie_lint.library.index import library
from tie_lint.project.project import Project
from tie_lint.tiemap.tie_map import tie_map

LIMIT = 90.0
"""Seconds that all classes of a release may take."""


def explain_all(release: str, truths: Sequence[Truth]) -> list[tuple[float, str]]:
    """Seconds of processor time by class; who first needs a file's facts pays for them."""
    project = Project(library(release, installed=False))
    taken: list[tuple[float, str]] = []
    for truth in truths:
        start = time.process_time()
        scope = project.module(truth.module)
        cls = None if scope is None else scope.lookup(truth.class_name)
        if isinstance(cls, Class):
            tie_map(project.interpreter, cls)
        taken.append((time.process_time() - start, truth.class_name))
    return taken


def parse_all(source: Path, truths: Sequence[Truth]) -> float:
    """Seconds of processor time that ``ast.parse`` takes for the files of the classes."""
    files = sorted({source.joinpath(*truth.module.split(".")).with_suffix(".py") for truth in truths})
    texts = [path.read_text(encoding="utf-8") for path in files if path.is_file()]
    start = time.process_time()
    for text in texts:
        ast.parse(text)
    return time.process_time() - start


def main(arguments: Sequence[str]) -> int:
    """The command; 1 when a release takes longer than :data:`LIMIT`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("releases", nargs="*", metavar="RELEASE")
    parser.add_argument("--source", type=Path, help="directory that holds the release's transformers package")
    options = parser.parse_args(arguments)
    slow = False
    for release in options.releases or releases():
        truths = [truth for truth in load(release) if truth.built]
        taken = explain_all(release, truths)
        total = sum(seconds for seconds, _ in taken)
        slow = slow or total > LIMIT
        print(f"{release}: {len(taken)} classes in {total:.1f} s, {len(taken) / total:.0f} classes/s")
        print("  slowest:", ", ".join(f"{name} {seconds:.2f} s" for seconds, name in sorted(taken)[:-6:-1]))
        if options.source is not None:
            parsed = parse_all(options.source, truths)
            print(f"  ast.parse of their files: {parsed:.1f} s; {total / parsed:.1f} times that")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
