"""The tables of others' packages in docs/repair.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.lab.packages.fixes.judging import BUILDING
from tests.lab.packages.fixes.records import (
    ALL,
    ALL_SAFE,
    NOT_RUN,
    NOTHING,
    ONE,
    RIGHT,
    WORSE,
    Offered,
    load,
    recorded,
    releases,
)

PAGE = Path(__file__).parents[4] / "docs" / "repair.md"
BEGIN, END = "<!-- packages: python -m tests.lab.packages.fixes table -->", "<!-- end of packages -->"
VERDICTS = {
    RIGHT: "run by the library and right",
    NOT_RUN: "not run",
    WORSE: "worse somewhere",
    NOTHING: "without any effect",
}


def with_tables(page: str) -> str:
    """The page with the tables written anew."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{rest.partition(END)[2]}"


def tables() -> str:
    """What all releases that are recorded come to, and the fixes that were not seen to be right."""
    found = {release: load(recorded(release)) for release in releases()}
    counts = [f"| | {' | '.join(found)} |", f"|---|{'---:|' * len(found)}"]
    for name, counted in _rows():
        numbers = [sum(map(counted, fixes)) for fixes in found.values()]
        if any(numbers) or VERDICTS[NOTHING] not in name:
            counts.append(f"| {name} | {' | '.join(map(str, numbers))} |")
    left = ["| release | package | rule | class | | |", "|---|---|---|---|---|---|"]
    left += (_left(release, fix) for release, fixes in found.items() for fix in fixes if fix.read)
    return "\n".join([*counts, "", *left])


def _rows() -> Iterator[tuple[str, Callable[[Offered], bool]]]:
    for name, what, safe in (
        ("safe fixes, each alone", ONE, True),
        ("unsafe fixes, each alone", ONE, False),
        ("packages with all their safe fixes", ALL_SAFE, True),
        ("packages with all their fixes", ALL, False),
    ):
        these = _these(what, safe)
        yield name, these
        for verdict, words in VERDICTS.items():
            yield f"... {words}", _both(these, verdict)
    yield "new findings after all fixes of a package", lambda fix: bool(fix.brings)
    yield "classes that are no longer built after a fix", no_longer_built


def no_longer_built(fix: Offered) -> bool:
    """Whether a class cannot be built after the fix."""
    words = {*fix.shown.replace(";", "").split()}
    return fix.verdict == WORSE and any(word.partition("-if-")[0] in BUILDING for word in words)


def _these(what: str, safe: bool) -> Callable[[Offered], bool]:
    return lambda fix: fix.what == what and fix.safe == safe


def _both(these: Callable[[Offered], bool], verdict: str) -> Callable[[Offered], bool]:
    return lambda fix: these(fix) and fix.verdict == verdict


def _left(release: str, fix: Offered) -> str:
    how = "safe" if fix.safe else "unsafe"
    package = fix.package.partition("==")[0]
    return f"| {release} | {package} | {fix.code} | `{fix.class_name}` | {how}, {fix.verdict} | {fix.read} |"
