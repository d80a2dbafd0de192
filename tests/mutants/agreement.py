"""Compare what the tool says of every mutant with what the library did with it.

    python -m tests.mutants.agreement [--release 4.51.3] [--operator delete-prefix] [--family bert]

Prints each disagreement and then a table by operator. The exit code is 1 where there is a disagreement.
"""

from __future__ import annotations

import argparse
import functools
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.corpus import sources
from tests.mutants.exceptions import excepted
from tests.mutants.mutants import FAMILIES, RELEASES, source_file
from tests.mutants.operators import OPERATORS
from tests.mutants.records import Outcome, load
from tie_lint.library.target import Targets
from tie_lint.lint import Linter
from tie_lint.settings import Settings

Found = frozenset[tuple[str, str | None]]
"""Findings as pairs of code and class."""

KINDS = ("found", "missed", "silent", "false alarm", "excepted")


@dataclass(frozen=True)
class Verdict:
    """What the tool said of a mutant, and what it should have said."""

    outcome: Outcome
    said: Found
    wanted: Found

    @property
    def agrees(self) -> bool:
        """Whether the tool said just what it should."""
        return self.said == self.wanted

    @property
    def kind(self) -> str:
        """Its column in the table."""
        if self.agrees and self.outcome.breaks and not self.wanted:
            return "excepted"
        if self.outcome.breaks:
            return "found" if self.agrees else "missed"
        return "silent" if self.agrees else "false alarm"


def judge(release: str, outcome: Outcome) -> Verdict:
    """Lint one mutant."""
    mutant, text = outcome.mutant, released(release, outcome.mutant.family)
    deserved = outcome.breaks and not excepted(outcome, text)
    wanted = frozenset({(mutant.code, mutant.class_name)} if deserved else ())
    return Verdict(outcome, findings(release, mutant.family, mutant.text(text)), wanted)


def findings(release: str, family: str, text: str) -> Found:
    """What the tool finds in a family's file with that text, its neighbours being as released."""
    path = source_file(_package(release), family)
    checked = Linter(Settings(path.parent), Targets((release,), "")).check(path, path.name, text)
    return frozenset((finding.code, finding.class_name) for finding in checked.findings)


@functools.cache
def released(release: str, family: str) -> str:
    """The text of a family's file as released."""
    return source_file(_package(release), family).read_text(encoding="utf-8")


def _package(release: str) -> Path:
    return sources(release) / "transformers"


def main(arguments: list[str] | None = None) -> int:
    """Run the comparison; see the module docstring."""
    parser = argparse.ArgumentParser("tests.mutants.agreement", description=__doc__.partition("\n")[0])
    parser.add_argument("--release", action="append", choices=RELEASES)
    parser.add_argument("--operator", action="append", choices=OPERATORS)
    parser.add_argument("--family", action="append", choices=FAMILIES)
    options = parser.parse_args(arguments)
    agreed = True
    for release in options.release or RELEASES:
        wanted = [
            outcome
            for outcome in load(release)
            if outcome.mutant.operator in (options.operator or OPERATORS)
            and outcome.mutant.family in (options.family or FAMILIES)
        ]
        verdicts = [_told(judge(release, outcome)) for outcome in wanted]
        print(f"\n{release}\n{table(verdicts)}", flush=True)
        agreed &= all(verdict.agrees for verdict in verdicts)
    return 0 if agreed else 1


def _told(verdict: Verdict) -> Verdict:
    if not verdict.agrees:
        said = ", ".join(f"{code} at {name}" for code, name in sorted(verdict.said, key=str)) or "nothing"
        print(
            f"{verdict.outcome.mutant} breaks {verdict.outcome.breaks or 'nothing'}, tool: {said}", flush=True
        )
    return verdict


def table(verdicts: Iterable[Verdict]) -> str:
    """Mutants by operator and kind, as text."""
    counts = Counter((verdict.outcome.mutant.operator, verdict.kind) for verdict in verdicts)
    rows = [f"{'operator':22}" + "".join(f"{kind:>13}" for kind in KINDS)]
    rows += [f"{name:22}" + "".join(f"{counts[name, kind]:13}" for kind in KINDS) for name in OPERATORS]
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
