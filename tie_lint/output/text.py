"""A report for people: each finding with the line it points at, then a summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from tie_lint.output.escape import one_line, printable
from tie_lint.output.terminal import Piece, write_pieces
from tie_lint.pipeline.report import Report

if TYPE_CHECKING:
    from tie_lint.cause import Cause
    from tie_lint.finding import Finding


def write(report: Report, stream: TextIO) -> None:
    """Write the findings and the summary."""
    several = any(len(targets.releases) > 1 for targets in report.targets)
    for finding in report.findings:
        write_pieces(_finding(finding, several), stream)
        write_pieces(_frame(finding, report.lines.get(finding.where, [])), stream)
    write_pieces([(_summary(report), "bold")], stream)
    for line in _not_followed(report):
        write_pieces([(printable(line), "yellow")], stream)


def _finding(finding: Finding, several: bool) -> Iterator[Piece]:
    colour = "red" if finding.severity == "error" else "yellow"
    yield one_line(f"{finding.where}:{finding.line}:{finding.column}: "), "bold"
    yield finding.code, f"bold {colour}"
    yield f" {printable(finding.message)}", ""
    if several:
        yield f" [transformers {', '.join(finding.transformers)}]", "cyan"


def _frame(finding: Finding, lines: list[str]) -> Iterator[Piece]:
    """The source line, and carets below what the finding points at (to the line's end if it goes on)."""
    if not 0 < finding.line <= len(lines):
        return
    line = lines[finding.line - 1]
    end = finding.end_column if finding.end_line == finding.line else len(line) + 1
    before, marked = printable(line[: finding.column - 1]), printable(line[finding.column - 1 : end - 1])
    indent = "".join("\t" if character == "\t" else " " for character in before)
    gutter = " " * len(str(finding.line))
    yield f"{gutter} |\n{finding.line} | ", "blue"
    yield f"{printable(line)}\n", ""
    yield f"{gutter} | ", "blue"
    yield f"{indent}{'^' * max(len(marked), 1)}", "bold red"


def _summary(report: Report) -> str:
    each = [f"transformers {', '.join(targets.releases)}{targets.asked_by}" for targets in report.targets]
    looked_at = "; ".join([f"{_count(report.model_files, 'model file')}, {each[0]}", *each[1:]])
    fixed = f"Fixed {_count(len(report.fixed), 'problem')}. " if report.fixed else ""
    if not report.findings:
        return f"{fixed}No problem {'left' if fixed else 'found'} ({looked_at})."
    files = len({finding.path for finding in report.findings})
    return f"{fixed}Found {_count(len(report.findings), 'problem')} in {_count(files, 'file')} ({looked_at})."


MOST_CAUSES = 5
"""How many causes the summary has."""


def _not_followed(report: Report) -> Iterator[str]:
    """How many model classes could not be followed, and the cause that stands nearest to each."""
    lost = report.not_followed
    if not lost:
        return
    yield f"{len(lost)} of {_count(report.models, 'model class', 'es')} could not be followed:"
    nearest: dict[Cause, list[str]] = {}
    for model in lost:
        nearest.setdefault(model.causes[0], []).append(model.class_name)
    for cause, names in [*nearest.items()][:MOST_CAUSES]:
        yield one_line(f"  {cause.place}: {cause.text} ({_names(names)})")
    if len(nearest) > MOST_CAUSES:
        yield f"  and {_count(len(nearest) - MOST_CAUSES, 'more cause')}; --select TIE901 reports each class"


def _names(names: list[str]) -> str:
    return f"{names[0]} and {len(names) - 1} more" if len(names) > 1 else names[0]


def _count(number: int, noun: str, plural: str = "s") -> str:
    return f"{number} {noun}{'' if number == 1 else plural}"
