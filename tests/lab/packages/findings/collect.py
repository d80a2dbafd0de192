"""Collect what tie-lint finds in the packages of the list.

    python -m tests.lab.packages.findings.collect RELEASE… [--only REGEX]

Every package is checked by itself, with its own folder as the root. What was seen of a finding stays with it
as long as the finding is the same.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.lab.packages.findings.records import Found, load, with_verdicts, write
from tests.lab.packages.sources import Package, packages
from tie_lint.api import Configuration, check_paths


def collect(release: str, package: Package) -> Iterator[Found]:
    """What tie-lint finds in a package under a release."""
    folder = package.folder()
    configuration = Configuration(isolated=True, transformers=release, respect_gitignore=False)
    for found in check_paths([folder], configuration, processes=2).findings:
        path = Path(found.path).resolve().relative_to(folder.resolve()).as_posix()
        yield Found(
            package.requirement, path, found.line, found.code, found.class_name or "", found.full_message
        )


def main(arguments: Sequence[str]) -> int:
    """The command; 1 where a finding has not been seen to be true."""
    parser = argparse.ArgumentParser("tests.lab.packages.findings.collect")
    parser.add_argument("releases", nargs="+", metavar="RELEASE")
    parser.add_argument("--only", default="", help="packages whose requirement matches")
    options = parser.parse_args(arguments)
    unseen = 0
    for release in options.releases:
        before = load(release)
        now: list[Found] = []
        for package in packages():
            if re.search(options.only, package.requirement):
                now.extend(collect(release, package))
            else:
                now.extend(found for found in before if found.package == package.requirement)
        write(release, with_verdicts(now, before))
        missing = sum(not found.how for found in load(release))
        print(f"{release}: {len(now)} findings, {missing} not yet seen to be true")
        unseen += missing
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
