"""What stands below the findings of a report for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from tie_lint.output.escape import one_line, printable
from tie_lint.output.terminal import write_pieces
from tie_lint.pipeline.report import Report

if TYPE_CHECKING:
    from tie_lint.cause import Cause

MOST_CAUSES = 5
"""How many causes the summary has."""


def write_summary(report: Report, stream: TextIO) -> None:
    """Write how many problems there are, of how many something can be done, and where their rules are."""
    if report.quiet:
        return
    write_pieces([(printable(_found(report)), "bold")], stream)
    for line in (*_fixable(report), *_known(report), *_pages(report)):
        write_pieces([(line, "")], stream)
    for line in _not_followed(report):
        write_pieces([(printable(line), "yellow")], stream)


def _found(report: Report) -> str:
    each = [f"transformers {targets.shown}{targets.asked_by}" for targets in report.targets]
    looked_at = "; ".join([f"{count(report.model_files, 'model file')}, {each[0]}", *each[1:]])
    fixed = f"Fixed {count(len(report.fixed), 'problem')}. " if report.fixed else ""
    if not report.findings:
        return f"{fixed}{_nothing(report)} ({looked_at})."
    files = len({finding.path for finding in report.findings})
    return f"{fixed}Found {count(len(report.findings), 'problem')} in {count(files, 'file')} ({looked_at})."


def _nothing(report: Report) -> str:
    """That no problem was found, of the model classes that could be followed alone."""
    lost, found = len(report.not_followed), f"No problem {'left' if report.fixed else 'found'}"
    if not lost:
        return found
    followed = report.models - lost
    each = f"{followed} of {count(report.models, 'model class', 'es')}"
    return f"{found} in {each}" if followed else "No model class could be followed"


def _fixable(report: Report) -> Iterator[str]:
    safe = sum(finding.fix is not None and finding.fix.safe for finding in report.findings)
    unsafe = sum(finding.fix is not None and not finding.fix.safe for finding in report.findings)
    if safe:
        more = f", {unsafe} more with --fix --unsafe-fixes" if unsafe else ""
        yield f"{safe} fixable with --fix{more}."
    elif unsafe:
        yield f"{unsafe} fixable with --fix --unsafe-fixes."


def _known(report: Report) -> Iterator[str]:
    if report.known:
        yield f"{count(report.known, 'known problem')} in the baseline."


def _pages(report: Report) -> Iterator[str]:
    """The address of each rule's page."""
    pages = {finding.code: finding.url for finding in report.findings}
    yield from (f"{code}: {pages[code]}" for code in sorted(pages))


def _not_followed(report: Report) -> Iterator[str]:
    """How many model classes could not be followed, and the cause that stands nearest to each."""
    lost = report.not_followed
    if not lost:
        return
    yield f"{len(lost)} of {count(report.models, 'model class', 'es')} could not be followed:"
    nearest: dict[Cause, list[str]] = {}
    for model in lost:
        nearest.setdefault(model.causes[0], []).append(model.class_name)
    for cause, names in [*nearest.items()][:MOST_CAUSES]:
        yield one_line(f"  {cause.place}: {cause.text} ({_names(names)})")
    if len(nearest) > MOST_CAUSES:
        yield f"  and {count(len(nearest) - MOST_CAUSES, 'more cause')}; --select TIE901 reports each class"


def _names(names: list[str]) -> str:
    return f"{names[0]} and {len(names) - 1} more" if len(names) > 1 else names[0]


def count(number: int, noun: str, plural: str = "s") -> str:
    """Return a number and what is counted."""
    return f"{number} {noun}{'' if number == 1 else plural}"
