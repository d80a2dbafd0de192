"""Try to break it: ``python -m tests.lab.reliability {mutants,python,packages,kills,traps,sameness}``."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import distributions
from pathlib import Path

from tests.lab.reliability import kills, mutation, page, sameness, traps
from tests.lab.reliability.pool import Tally, kept, run

RELEASE = "5.23.0"


def mutants(options: argparse.Namespace, folder: Path) -> bool:
    """Check, explain and fix mutants of the library's model files."""
    count = options.count or 20_000
    done = {Path(one["path"]).name for one in kept(options.keep)}
    paths = mutation.write_mutants(options.library, options.files, count, folder, done)
    tally = run(paths, RELEASE, fixing=True, jobs=options.jobs, keep=options.keep)
    more = f"Mutants of {options.files} model files; each checked, explained, and fixed twice."
    return _finish("mutants", tally, more, options.record)


def python(options: argparse.Namespace, folder: Path) -> bool:
    """Check every file of the running Python's library and test suite."""
    root = Path(sysconfig.get_path("stdlib"))
    files = [path for path in sorted(root.rglob("*.py")) if "site-packages" not in path.parts]
    return _files("python", files, f"Python {sys.version.split()[0]}, with its tests.", options, folder)


def packages(options: argparse.Namespace, folder: Path) -> bool:
    """Check every file of the installed packages, the first 40 by name."""
    found: dict[str, list[Path]] = {}
    for distribution in distributions():
        sources = [Path(str(file.locate())) for file in distribution.files or () if file.suffix == ".py"]
        if sources:
            found[distribution.metadata["Name"]] = sources
    names = sorted(found, key=str.lower)[:40]
    files = [path for name in names for path in found[name] if path.is_file()]
    return _files("packages", files, f"{len(names)} packages: {', '.join(names)}.", options, folder)


def _files(part: str, files: list[Path], more: str, options: argparse.Namespace, folder: Path) -> bool:
    """Check copies: fixes of anything must go nowhere else."""

    def copies() -> Iterator[Path]:
        for number, path in enumerate(files[: options.count]):
            copy = folder / f"{number}" / path.name
            copy.parent.mkdir()
            shutil.copy(path, copy)
            yield copy

    return _finish(part, run(copies(), RELEASE, fixing=True, jobs=options.jobs), more, options.record)


def _finish(part: str, tally: Tally, more: str, recorded: bool) -> bool:
    for failure in tally.failures:
        print(failure)
    print(tally.counts())
    if recorded:
        page.record(part, tally.counts(), more)
    return not tally.failures


def killing(options: argparse.Namespace, folder: Path) -> bool:
    """Kill fixing runs, workers and parents."""
    rng, good = random.Random(0), True
    programs: dict[str, tuple[Callable[[Path, int, random.Random], dict[str, int]], int]] = {
        "fixes": (kills.kill_fixes, 500),
        "workers": (kills.kill_workers, 100),
        "parents": (kills.kill_parents, 100),
    }
    for part, (program, times) in programs.items():
        counts = program(folder / part, options.count or times, rng)
        print(part, counts)
        if options.record:
            page.record(part, counts)
        good &= not any(count for name, count in counts.items() if name not in kills.HARMLESS)
    return good


def trapping(options: argparse.Namespace, folder: Path) -> bool:
    """Lay traps and check them."""
    mark = folder / "mark"
    laid = traps.lay(folder / "traps", mark)
    sprung = traps.sprung_by(folder / "traps", mark)
    print(laid, sprung)
    if options.record:
        page.record("traps", {"files with a trap": laid, "executed": len(sprung)})
    return not sprung


def same(options: argparse.Namespace, folder: Path) -> bool:
    """Check mutants in every way that must make no difference."""
    paths = list(mutation.write_mutants(options.library, options.files, options.count or 400, folder))
    found = sameness.digests(folder, [path.name for path in paths], RELEASE)
    print(found)
    counts = {"files": len(paths), "ways": len(found), "different results": len(set(found.values())) - 1}
    if options.record:
        page.record("sameness", counts, f"{', '.join(found).capitalize()}.")
    return counts["different results"] == 0


COMMANDS = {
    "mutants": mutants,
    "python": python,
    "packages": packages,
    "kills": killing,
    "traps": trapping,
    "sameness": same,
}


def main() -> int:
    """Run a command in a folder that is removed afterwards."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab.reliability", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--library", type=Path, help="the folder of an unpacked release of transformers")
    parser.add_argument("--files", type=int, default=400, help="how many model files are changed")
    parser.add_argument("--count", type=int, help="how many inputs or kills (default: as the page has them)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, help="where mutants that were tried are kept: go on from there")
    parser.add_argument("--record", action="store_true", help="write the counts into docs/reliability.md")
    options = parser.parse_args()
    if options.command in ("mutants", "sameness") and options.library is None:
        parser.error(f"{options.command} needs --library")
    with tempfile.TemporaryDirectory() as folder:
        return 0 if COMMANDS[options.command](options, Path(folder)) else 1


if __name__ == "__main__":
    sys.exit(main())
