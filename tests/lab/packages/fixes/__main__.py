"""The command; see the package's docstring."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.lab.packages.fixes.records import Offered, load, recorded, with_what_was_read, write
from tests.lab.packages.sources import Package, packages


def main(arguments: list[str] | None = None) -> int:
    """Run one of the steps."""
    parser = argparse.ArgumentParser("tests.lab.packages.fixes")
    steps = parser.add_subparsers(required=True)
    step = steps.add_parser("fix")
    step.add_argument("--release", required=True)
    step.add_argument("--out", type=Path, required=True)
    step.add_argument("--only", default="", help="packages whose requirement matches")
    step.set_defaults(run=_fix)
    step = steps.add_parser("check")
    step.add_argument("--fixed", type=Path, required=True)
    step.add_argument("--only", default="", help="packages whose requirement matches")
    step.set_defaults(run=_check)
    steps.add_parser("table").set_defaults(run=_table)
    options = parser.parse_args(arguments)
    options.run(options)
    return 0


def _fix(options: argparse.Namespace) -> None:
    from tests.lab.packages.fixes.making import made

    for package in packages():
        if re.search(options.only, package.requirement):
            print(package.requirement, file=sys.stderr, flush=True)
            _put(options.out, package, made(options.release, package))


def _put(path: Path, package: Package, fixes: Iterable[Offered]) -> None:
    """Put the fixes of a package in the place of those that a file has, in the order of the packages."""
    order = [one.requirement for one in packages()]
    others = [one for one in load(path) if one.package != package.requirement]
    write(path, sorted([*others, *fixes], key=lambda one: order.index(one.package)))


def _check(options: argparse.Namespace) -> None:
    from tests.lab.mutants.child_processes import forked
    from tests.lab.mutants.fixed_models import get_ready

    get_ready()
    for package in packages():
        fixes = [one for one in load(options.fixed) if one.package == package.requirement]
        if re.search(options.only, package.requirement):
            forked(_check_package, package, fixes)
            os.wait()


def _check_package(package: Package, fixes: list[Offered]) -> None:
    import transformers

    from tests.lab.packages.fixes.running import Library

    out = recorded(transformers.__version__)
    library = Library(package.folder())
    before, done = [one for one in load(out) if one.package == package.requirement], list[Offered]()
    for fix in fixes:
        done.append(library.checked(fix))
        print(*filter(None, [*fix.identity, done[-1].verdict, done[-1].shown]), file=sys.stderr, flush=True)
    _put(out, package, with_what_was_read(done, before))


def _table(options: argparse.Namespace) -> None:
    from tests.lab.packages.fixes.page import PAGE, with_tables

    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
