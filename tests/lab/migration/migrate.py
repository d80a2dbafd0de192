"""Whole model files of 4.51.3, fixed for 4.51.3 to 5.x, and held against what the library did with them.

    python -m tests.lab.migration.migrate fix --out FILE [--file bert,gpt2]
    python -m tests.lab.migration.migrate build --fixed FILE --how safe --out FILE  # with 4.51.3 installed
    python -m tests.lab.migration.migrate rules --fixed FILE --how safe --out FILE
    python -m tests.lab.migration.migrate table --fixed FILE --how safe --built FILE --ruled FILE

``fix`` runs ``--fix``, and ``--fix --unsafe-fixes`` on what that leaves, for every file of the release that
names ``_tied_weights_keys``. ``build`` imports the fixed texts in place of the real files and observes
every class as the recorder of ``tests/lab/truth`` does. Few of the files can be imported under 5.x, so that
``rules`` asks the tool's own run what each class ties by the rules of 5.23.0, all fixed files taken
together. Both look at the classes that something was fixed in; files come in an order drawn at random, so
that an unfinished run is a sample.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.lab.truth.records import Truth, load
from tie_lint.cause import Cause

OLD, NEW = "4.51.3", "5.23.0"
"""The ends of ``>=4.51.3,<6``, which every fixed text has to serve."""

Row = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Run one of the steps; see the module docstring."""
    parser = argparse.ArgumentParser("tests.lab.migration.migrate", description=__doc__.partition("\n")[0])
    steps = parser.add_subparsers(required=True)
    for name, run in (("fix", _fix), ("build", _build), ("rules", _rules), ("table", _table)):
        step = steps.add_parser(name)
        step.set_defaults(run=run)
        if name == "fix":
            step.add_argument("--file", type=lambda text: text.split(","))
        else:
            step.add_argument("--fixed", type=Path, required=True)
            step.add_argument("--how", choices=("safe", "all"), required=True)
        if name == "table":
            step.add_argument("--built", type=Path, required=True)
            step.add_argument("--ruled", type=Path, required=True)
        else:
            step.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    options.run(options)
    return 0


def _read(path: Path) -> list[Row]:
    return (
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    )


def _append(path: Path, row: Row) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def _package() -> Path:
    from tests.corpus import sources

    return sources(OLD) / "transformers"


def _files() -> Iterator[Path]:
    """The model files that list keys, PyTorch's only."""
    paths = sorted(_package().rglob("modeling_*.py"))
    random.Random(0).shuffle(paths)
    for path in paths:
        if path.stem not in (
            "modeling_utils",
            "modeling_tf_idefics",
        ) and "_tied_weights_keys" in path.read_text(encoding="utf-8"):
            yield path


# -- fixing --------------------------------------------------------------------------------------------


def _fix(options: argparse.Namespace) -> None:
    done = {row["file"] for row in _read(options.out)}
    for path in _files():
        file = path.relative_to(_package()).as_posix()
        if file not in done and (not options.file or path.stem.removeprefix("modeling_") in options.file):
            began = time.monotonic()
            _append(options.out, {"file": file, **_fixed(path)})
            print(f"{file} {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


def _fixed(path: Path) -> Row:
    from tie_lint.finding import Finding
    from tie_lint.fix.fixer import Fixer
    from tie_lint.library.target import Targets
    from tie_lint.pipeline.document import TextDocument
    from tie_lint.pipeline.linter import Linter
    from tie_lint.settings import Settings

    def described(findings: list[Finding]) -> list[list[Any]]:
        return [[found.code, found.class_name, found.message] for found in findings]

    linter = Linter(Settings(path.parent), Targets((OLD, NEW), ""))
    text = path.read_text(encoding="utf-8")
    row: Row = {
        "found": described(
            Fixer(linter, TextDocument(path, text, path.name)).trials.check((text, ())).checked.findings
        )
    }
    for how in ("safe", "all"):
        fixed = Fixer(linter, TextDocument(path, text, path.name)).fix(how == "all")
        row[how] = {"text": fixed.text, "fixed": described(fixed.fixed), "left": described(fixed.left)}
        text = fixed.text
    return row


# -- asking the library of then -----------------------------------------------------------------------


def _build(options: argparse.Namespace) -> None:
    from tests.lab.mutants.child_processes import Lost, forked, in_child
    from tests.lab.truth.observe import quieten

    quieten()
    done = {row["file"] for row in _read(options.out)}

    def build(row: Row) -> None:
        found = in_child(1200, _built, row["file"], row[options.how]["text"], _edited(row, options.how))
        _append(
            options.out,
            {"file": row["file"], "classes": {"": found.why} if isinstance(found, Lost) else found},
        )

    for row in _read(options.fixed):
        if row["file"] not in done:
            print(row["file"], file=sys.stderr, flush=True)
            forked(build, row)
            os.wait()


def _edited(row: Row, how: str) -> set[str]:
    """The classes of a file that something was fixed in."""
    return {name for step in ("safe", how) for _, name, _ in row[step]["fixed"]}


def _built(file: str, text: str, names: set[str]) -> dict[str, str]:
    """By class, in what the fixed file differs from the recorded truth; "" for nothing."""
    from tests.lab.mutants.replaced_modules import replace as replace_module
    from tests.lab.truth.classes import ClassName
    from tests.lab.truth.observe import observe

    module = _module(file)
    replace_module(module, text)
    found: dict[str, str] = {}
    for truth in _truths(file, names):
        now = observe(ClassName(module, truth.class_name), bool(truth.shrunk))
        found[truth.class_name] = _differences(truth, now)
    return found


def _differences(before: Truth, after: Truth) -> str:
    one, two = vars(before), vars(replace(after, shrunk=before.shrunk))
    return "; ".join(f"{name}: {one[name]} -> {two[name]}" for name in one if one[name] != two[name])


def _module(file: str) -> str:
    return "transformers." + file.removesuffix(".py").replace("/", ".")


def _truths(file: str, names: set[str]) -> list[Truth]:
    """Those of some classes of a file that the library could build."""
    module = _module(file)
    return [one for one in load(OLD) if one.module == module and one.built and one.class_name in names]


# -- the rules of 5.x ---------------------------------------------------------------------------------


def _rules(options: argparse.Namespace) -> None:
    from tie_lint.interpreter.classes import Class
    from tie_lint.library.index import library
    from tie_lint.project.project import Project
    from tie_lint.tiemap.tie_map import tie_map

    rows, package = _read(options.fixed), _package()
    done = {row["file"] for row in _read(options.out)}
    for row in rows:
        if row["file"] in done:
            continue
        print(row["file"], file=sys.stderr, flush=True)
        project = Project(library(NEW))
        for other in rows:
            project.file(package / other["file"], other[options.how]["text"])
        scope = project.file(package / row["file"])
        found: dict[str, str] = {}
        for truth in _truths(row["file"], _edited(row, options.how)):
            cls = scope.lookup(truth.class_name)
            if isinstance(cls, Class):
                ties = tie_map(project.interpreter, cls)
                found[truth.class_name] = _ruled(truth, ties.ties_if_tied, ties.saves, ties.reasons)
        _append(options.out, {"file": row["file"], "classes": found})


def _ruled(truth: Truth, ties: Any, saves: bool | None, reasons: dict[str, list[Cause]]) -> str:
    if ties is None or saves is None:
        return f"unknown: {'; '.join(map(str, reasons.get('ties_if_tied') or reasons['saves']))}"
    if ties != truth.ties_if_tied:
        return f"ties: {truth.ties_if_tied} -> {ties}"
    return "" if saves or truth.saves is False else "is not saved"


# -- counting -----------------------------------------------------------------------------------------


def _table(options: argparse.Namespace) -> None:
    rows = _read(options.fixed)
    left = Counter(code for row in rows for code, *_ in row[options.how]["left"])
    fixed = Counter(code for row in rows for code, *_ in row[options.how]["fixed"])
    clean = sum(not row[options.how]["left"] for row in rows)
    print(f"{len(rows)} files, {clean} of them without a finding afterwards")
    print("fixed:", dict(sorted(fixed.items())), "left:", dict(sorted(left.items())))
    _print_counts("by the library of " + OLD, _read(options.built))
    _print_counts("by the rules of " + NEW, _read(options.ruled))


def _print_counts(who: str, rows: list[Row]) -> None:
    kinds = Counter(said.partition(":")[0] or "same" for row in rows for said in row["classes"].values())
    print(f"{who}: {dict(kinds)}")
    for row in rows:
        for name, said in row["classes"].items():
            if said:
                print(f"  {row['file']} {name} {said[:300]}")


if __name__ == "__main__":
    sys.exit(main())
