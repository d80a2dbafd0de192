"""The verdicts counted by operator: as text for the terminal, as the page of the documentation."""

from __future__ import annotations

import datetime
import itertools
import platform
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.lab.mutants.operators import all_operators
from tests.lab.mutants.records import load, load_header
from tests.lab.mutants.verdict import Place, Verdict
from tie_lint import __version__

KINDS = ("found", "missed", "excepted", "on purpose", "silent", "false alarm")


def table(verdicts: Iterable[Verdict]) -> str:
    """Mutants by operator and kind, as text."""
    rows = [f"{'operator':30}" + "".join(f"{kind:>13}" for kind in KINDS)]
    rows += [
        f"{name:30}" + "".join(f"{count:13}" for count in counts) for name, counts in _rows(verdicts).items()
    ]
    return "\n".join(rows)


def _rows(verdicts: Iterable[Verdict]) -> dict[str, list[int]]:
    counted: Counter[tuple[str, str]] = Counter()
    for verdict in verdicts:
        counted[verdict.outcome.mutant.operator, verdict.kind] += 1
    operators = [name for name in all_operators() if any(counted[name, kind] for kind in KINDS)]
    rows = {name: [counted[name, kind] for kind in KINDS] for name in operators}
    return {**rows, "all": [sum(row[place] for row in rows.values()) for place in range(len(KINDS))]}


def page(verdicts: Mapping[Place, list[Verdict]], sample: int | None) -> str:
    """``docs/accuracy.md``; ``sample`` is how many of an operator's mutants were taken, None for all."""
    today = datetime.date.today().isoformat()
    parts = [
        HEAD.format(version=__version__, date=today, python=platform.python_version()),
        *(_section(place, checked, sample) for place, checked in verdicts.items()),
        "## What the fixes make of them\n",
        REPAIR,
        repaired(),
        "\n## Operators\n",
        "".join(f"- `{name}`: {_summary(name)}\n" for name in all_operators()),
    ]
    return "\n".join(parts)


def repaired() -> str:
    """The first table of ``docs/repair.md``."""
    lines = REPAIR_PAGE.read_text(encoding="utf-8").splitlines()
    table = itertools.dropwhile(lambda line: not line.startswith("|"), lines)
    return "\n".join(itertools.takewhile(lambda line: line.startswith("|"), table))


def _section(place: Place, verdicts: list[Verdict], sample: int | None) -> str:
    header = load_header(place.release)
    rows = _rows(verdicts)
    found, missed = rows["all"][:2]
    lines = [
        f"## transformers {place}\n",
        f"Recorded {header.date} with torch {header.torch}. {_how_many(place.release, verdicts, sample)} "
        f"Of the {found + missed} checked that break something "
        f"and should be reported, {found} are: {found / max(found + missed, 1):.2%}. "
        f"{len(header.not_measured)} could not be recorded (the header of the records says why).\n",
        f"| operator | {' | '.join(KINDS)} |",
        f"|---|{'---:|' * len(KINDS)}",
        *(f"| {name} | {' | '.join(map(str, counts))} |" for name, counts in rows.items()),
        "",
    ]
    return "\n".join(lines)


def _how_many(release: str, verdicts: list[Verdict], sample: int | None) -> str:
    recorded = len(load(release))
    if sample is None and len(verdicts) == recorded:
        return f"All {recorded} mutants were checked."
    chosen = (
        "those of modules drawn at random"
        if sample is None
        else f"of each operator at most {sample} that break something and {sample} that do not, evenly spread"
    )
    return f"Of {recorded} mutants recorded, {len(verdicts)} were checked: {chosen}."


def _summary(operator: str) -> str:
    return " ".join((all_operators()[operator].mutate.__doc__ or "").split("\n\n")[0].split())


REPAIR_PAGE = Path(__file__).parents[3] / "docs" / "repair.md"

REPAIR = """\
Mutants of each operator drawn at random, fixed and run by the library; [Repair](repair.md) says how, and has
the table by operator.
"""

HEAD = """\
# Accuracy

Every model class of `transformers` that ties weights is taken, with the classes that it rests on, and one
piece of its source is broken at a time. The library itself is asked what that does: each mutated class was
put in the place of the real one, and built, tied, saved, loaded and resized on the meta device. Then
tie-lint was asked what it says of the mutant's text, twice: where the file lies in the library, and with the
model's folder **copied out** of it, as a package of a user's own that imports everything else from
`transformers`. This page is written by
`python -m tests.lab.mutants.agreement --page docs/accuracy.md`: tie-lint {version}, {date}, Python {python}.

- **found**: the library does something else, and there is a finding with a fitting code at the class, or at
  a class that the library treats otherwise.
- **missed**: the library does something else, and there is no such finding.
- **excepted**: the library does something else that is no defect, or the finding is right though the library
  does the same; `tests/lab/mutants/known_differences.py` has the reasons.
- **on purpose**: the mutant says outright that it does not tie, and the tool does not object.
- **silent**: the library does the same as before, and there is no finding that was not there before.
- **false alarm**: the library does the same as before, and there is a new finding.
"""
