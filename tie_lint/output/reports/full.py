"""For people: each finding with the line it points at and what comes of it, then a summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from tie_lint.output.escape import one_line, printable
from tie_lint.output.summary import write_summary
from tie_lint.output.terminal import Piece, coloured, write_pieces
from tie_lint.pipeline.report import Report

if TYPE_CHECKING:
    from tie_lint.finding import Finding

FIXES = "mark"


def write(report: Report, stream: TextIO) -> None:
    """Write the findings and the summary."""
    for finding in report.findings:
        gutter = " " * len(str(finding.line))
        write_pieces(_head(finding), stream)
        write_pieces(_frame(finding, report.lines.get(finding.where, []), gutter), stream)
        for label, text in _notes(finding):
            write_pieces(_note(finding, gutter, label, text), stream)
    write_summary(report, stream)


def _head(finding: Finding) -> Iterator[Piece]:
    yield one_line(f"{finding.where}:{finding.line}:{finding.column}: "), "bold"
    yield finding.code, f"{coloured(finding.severity)} link {finding.url}"
    yield f" {printable(finding.problem)}", ""


def _frame(finding: Finding, lines: list[str], gutter: str) -> Iterator[Piece]:
    """The source line, and carets below what the finding points at (to the line's end if it goes on)."""
    if not 0 < finding.line <= len(lines):
        return
    line = lines[finding.line - 1]
    end = finding.end_column if finding.end_line == finding.line else len(line) + 1
    before, marked = printable(line[: finding.column - 1]), printable(line[finding.column - 1 : end - 1])
    indent = "".join("\t" if character == "\t" else " " for character in before)
    yield f"{gutter} |\n{finding.line} | ", "blue"
    yield f"{printable(line)}\n", ""
    yield f"{gutter} | ", "blue"
    yield f"{indent}{'^' * max(len(marked), 1)}", coloured(finding.severity)


def _notes(finding: Finding) -> Iterator[tuple[str, str]]:
    """What comes of it, and in which releases; where to change it; whether it can be fixed."""
    where = f" in transformers {finding.stretch}" if finding.stretch else ""
    if len(finding.effects) > 1:
        for effect, stretch in finding.effects:
            yield finding.severity, f"{effect}{f' ({stretch})' if stretch else ''}"
    else:
        effect = "".join(f": {effect}" for effect, _ in finding.effects)
        yield finding.severity, f"{where}{effect}" if where else effect.removeprefix(": ")
    for note in finding.notes:
        yield "note", note
    if finding.fix is not None:
        yield "help", f"fixable with --fix{'' if finding.fix.safe else ' --unsafe-fixes'}"


def _note(finding: Finding, gutter: str, label: str, text: str) -> Iterator[Piece]:
    yield f"{gutter} = ", "blue"
    yield label, coloured(finding.severity) if label == finding.severity else "bold cyan"
    if text:
        yield printable(text if text.startswith(" in ") else f": {text}"), ""
