"""`--add-noqa`: silence what is found by a comment at each place."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from tie_lint.edits.comment import Comment, silencing
from tie_lint.edits.edit import apply
from tie_lint.finding import Edit, Finding
from tie_lint.fix.write import NotWrittenError, encoded, replace
from tie_lint.pipeline.comments import statements
from tie_lint.pipeline.document import Document
from tie_lint.pipeline.noqa import NoqaComments
from tie_lint.pipeline.reading import SUFFIXES, read_document
from tie_lint.pipeline.report import Report
from tie_lint.python.disk import Disk


def add_noqa(report: Report) -> int:
    """Write the comments; return how many findings they silence. What is not silenced is a warning."""
    added = 0
    for path, group in groupby(report.findings, lambda finding: finding.path):
        findings = [one for finding in group for one in finding.every]
        try:
            _write(read_document(Path(path), Disk(), path), findings)
        except NotWrittenError as error:
            report.warnings.append(f"{path}: not silenced: {error}")
        else:
            added += len(findings)
    return added


def _write(document: Document, findings: list[Finding]) -> None:
    if document.path.suffix not in SUFFIXES:
        raise NotWrittenError("only comments in code silence; per-file-ignores does elsewhere")
    if any(finding.code == "TIE900" for finding in findings):
        raise NotWrittenError("it cannot be read")
    text = apply(document.text, tuple(_edits(document, findings)))
    replace(document.path, document.data, encoded(document, text))


def _edits(document: Document, findings: list[Finding]) -> list[Edit]:
    """One edit for every line that gets a comment."""
    lines, comments = document.lines, NoqaComments(document.text)
    spans = statements(document.text, len(lines))
    ends = {line: last for first, last in spans for line in range(first, last + 1)}
    places: dict[int, tuple[Comment | None, list[str]]] = {}
    for finding in findings:
        first = document.line_of(finding)
        known = next((one for one in comments.at(first) if one.codes and not one.is_own), None)
        # Behind another line than the last of a statement there may be a backslash, or the line be a string.
        line = known.line if known else ends.get(first, first)
        places.setdefault(line, (known, []))[1].append(finding.code)
    return [
        silencing(lines[line - 1], line, known, list(dict.fromkeys(codes)))
        for line, (known, codes) in sorted(places.items())
    ]
