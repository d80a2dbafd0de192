"""The tables of others' packages in docs/findings.md.

python -m tests.lab.packages.findings.page
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.lab.packages.findings.records import READ, RUN, Found, load, releases
from tie_lint.rules import all_rules

PAGE = Path(__file__).parents[4] / "docs" / "findings.md"
BEGIN, END = "<!-- packages: python -m tests.lab.packages.findings.page -->", "<!-- end of packages -->"
LONGEST = 110
"""How long what was seen may be in a table."""


def tables() -> str:
    """The tables of all releases that are recorded."""
    return "\n".join(line for release in releases() for line in _table(release, load(release)))


def _table(release: str, findings: list[Found]) -> Iterator[str]:
    counts = Counter(found.how for found in findings)
    packages = len({found.package for found in findings})
    yield f"### Under transformers {release}"
    yield ""
    yield f"{len(findings)} findings in {packages} packages: {counts[RUN]} run, {counts[READ]} read."
    yield ""
    yield "| package | rule | class | what happens |"
    yield "|---|---|---|---|"
    order = [*all_rules()]
    for package, of_package in groupby(findings, lambda found: found.package):
        in_order = sorted(of_package, key=lambda one: (order.index(one.code), one.path, one.line))
        for (code, name, what), count in Counter(map(_cells, in_order)).items():
            yield f"| {package} | {code}{f' ({count} of them)' if count > 1 else ''} | `{name}` | {what} |"
    yield ""


def _cells(found: Found) -> tuple[str, str, str]:
    return found.code, found.class_name, f"{found.how}: {_short(found.shown)}"


def _short(shown: str) -> str:
    plain = " ".join(shown.replace("|", "/").split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"


def with_tables(page: str) -> str:
    """The page with the tables written anew."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{rest.partition(END)[2]}"


def main() -> int:
    """Write the page."""
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
