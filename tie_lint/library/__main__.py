"""What a new release of transformers needs: ``python -m tie_lint.library check|add|rebuild WHEEL…``.

A WHEEL is a wheel of transformers (``pip download --no-deps transformers==X``), or a directory that is or
holds its ``transformers`` package.

    check WHEEL…    compare the functions that the contract rests on with those that it was measured on
    add WHEEL…      check, then add the releases to the bundled facts and to the list of releases
    rebuild WHEEL…  write the bundled facts anew, of these releases alone

``add`` stops where a function changed. Read what changed, measure (``docs/releases.md`` says how), and
say so with ``--reviewed``. Exit codes: 0 nothing changed, 1 something did, 2 bad usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from packaging.version import Version

from tie_lint.library import guard
from tie_lint.library.bundle import add, open_release, rebuild
from tie_lint.library.releases import LIST
from tie_lint.library.tree import SourceTree


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(
        "python -m tie_lint.library",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=("check", "add", "rebuild"))
    parser.add_argument("wheels", nargs="+", type=Path, metavar="WHEEL")
    parser.add_argument(
        "--reviewed", action="store_true", help="the functions that changed were read and measured"
    )
    options = parser.parse_args(arguments)
    try:
        if options.command == "rebuild":
            print(rebuild(options.wheels))
            return 0
        return max(_each(wheel, options.command == "add", options.reviewed) for wheel in options.wheels)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _each(wheel: Path, adds: bool, reviewed: bool) -> int:
    """Check one release and, where wanted and nothing stands against it, add it."""
    with open_release(wheel) as (release, tree):
        found = guard.digests(tree)
        changed = _compare(release, found)
        if adds and (reviewed or not changed):
            _add(release, tree, found)
            return 0
    return int(changed)


def _compare(release: str, found: guard.Digests) -> bool:
    """Print what a release changed since the newest measured one before it; whether there is anything."""
    before = guard.measured_before(release)
    if before is None:
        print(f"{release}: no release before it was measured")
        return True
    changed = guard.changes(guard.measured()[before], found)
    print(f"{release}: {len(found)} functions, {len(changed)} of them not as in {before}")
    for change in changed:
        print(f"  {change.kind:8}{change.function}")
    return bool(changed)


def _add(release: str, tree: SourceTree, found: guard.Digests) -> None:
    """Write down a release: its facts, its digests, and that it exists."""
    print(add(release, tree))
    guard.record(release, found)
    known = {*LIST.read_text(encoding="ascii").split(), release}
    LIST.write_text("".join(f"{one}\n" for one in sorted(known, key=Version)), encoding="ascii")


if __name__ == "__main__":
    sys.exit(main())
