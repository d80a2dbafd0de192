"""``docs/packages.md``: how much is known of the model classes of others' packages."""

from __future__ import annotations

import datetime
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata

from tests.lab.packages.records import load, load_header

#: Causes that the page names.
CAUSES = 10


@dataclass(frozen=True)
class Figures:
    """What was counted under one release."""

    release: str
    counted: Mapping[str, Mapping[str, int]]
    """Right, unknown and wrong by fact, of the classes that were built."""
    listed: int
    """All classes that ``explain`` lists."""
    raising: int
    """How many of those are certain to raise when they are built."""
    missing: Mapping[str, int]
    """How many of those are unknown, by fact."""
    causes: Sequence[tuple[str, int, int]]
    """Each cause, the classes behind which it stands, and those behind which it stands alone."""


def page(releases: Sequence[Figures]) -> str:
    """Return the page about some releases."""
    version, date = metadata.version("tie-lint"), datetime.date.today().isoformat()
    lead = LEAD.format(version=version, date=date, python=platform.python_version())
    return "\n".join([lead, *map(_section, sorted(releases, key=lambda found: found.release))])


def _section(found: Figures) -> str:
    header, records = load_header(found.release), load(found.release)
    packages = {record.package for record in records}
    built = {record.package for record in records if record.built}
    rows = [_row(found, fact, counts) for fact, counts in found.counted.items()]
    causes = [f"| {count} | {alone} | `{cause}` |" for cause, count, alone in found.causes[:CAUSES]]
    return "\n".join(
        [
            f"## transformers {found.release}\n",
            f"Recorded {header.date} with torch {header.torch}: {header.built} classes of {len(built)} "
            f"packages could be built, {header.not_built} could not; {len(packages)} packages were tried. "
            f"`explain` lists {found.listed} classes; {found.raising} are certain to raise when built.\n",
            "| fact | right | unknown | wrong | unknown of all listed |",
            "|---|---:|---:|---:|---:|",
            *rows,
            "\n| classes | alone | cause |",
            "|---:|---:|---|",
            *causes,
            "",
        ]
    )


def _row(found: Figures, fact: str, counts: Mapping[str, int]) -> str:
    missing = found.missing.get(fact, 0)
    share = f"{missing} ({missing / max(found.listed, 1):.1%})"
    return f"| {fact} | {counts['right']} | {counts['unknown']} | {counts['wrong']} | {share} |"


LEAD = """# Others' packages

Published packages with model code, to which tie-lint was not tuned: `tests/lab/packages/packages.txt` names
them. Each model class that can be built beside a release of transformers was built for real, with a small
config, and what it ties was recorded; then tie-lint was asked the same of the source alone. This page is
written by `python -m tests.lab.packages.agree --page docs/packages.md`: tie-lint {version}, {date}, Python
{python}.

- **right**, **wrong**: the same answer as the real model gives, or another one.
- **unknown**: tie-lint says that it does not know, and why.
- **unknown of all listed**: over every class that `tie-lint explain` lists, those that cannot be built with
  this release included. That building a class is certain to raise is an answer: it has no ties. It counts as
  wrong where the class was built.

The second table has the dearest causes of what is unknown: behind how many classes each stands, and behind
how many of them it stands alone.
"""
