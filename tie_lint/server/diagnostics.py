"""The findings of a file as an editor shows them, and the way from each to the places that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types

from tie_lint.finding import Finding
from tie_lint.server.analysis import Analysis, view_seconds
from tie_lint.server.convert import Positions, diagnostic, is_within, span_of


def diagnostics(analysis: Analysis) -> dict[str, list[types.Diagnostic]]:
    """Return the diagnostics of each of a file's texts, by their URIs."""
    several = analysis.checked is not None and len(analysis.checked.views) > 1
    found: dict[str, list[types.Diagnostic]] = {uri: [] for uri in analysis.file.texts}
    for finding in analysis.findings:
        at = analysis.file.location(*span_of(finding))
        related = [types.DiagnosticRelatedInformation(*place) for place in places(analysis, finding)]
        found[at.uri].append(diagnostic(analysis.document.placed(finding), at.range, several, related))
    return found


def definitions(analysis: Analysis, uri: str, position: types.Position) -> list[types.Location]:
    """Return the places that the findings at a position are about."""
    at = analysis.file.in_document(uri, position)
    return [
        place
        for finding in analysis.findings
        if is_within(at, analysis.file.positions.range(*span_of(finding)))
        for place, _ in places(analysis, finding)
    ]


def places(analysis: Analysis, finding: Finding) -> Iterator[tuple[types.Location, str]]:
    """Yield the places that a finding is about, each with what is there."""
    from tie_lint.interpreter.budget import class_budget
    from tie_lint.pipeline.related import related

    view = analysis.view_of(finding)
    if view is None:
        return
    with class_budget(view_seconds(analysis.linter)):
        found = related(view, finding)
    for place in found:
        yield _line(analysis, Path(place.path), place.line), place.text


def _line(analysis: Analysis, path: Path, line: int) -> types.Location:
    """A line of a file, without the space that it begins with."""
    if path == analysis.file.path.absolute():
        return analysis.file.location(line, *_extent(analysis.document.lines, line))
    text = analysis.text_of(path)
    positions = Positions(text)
    return types.Location(path.as_uri(), positions.range(line, *_extent(positions.lines, line)))


def _extent(lines: list[str], line: int) -> tuple[int, int, int]:
    text = lines[line - 1] if line <= len(lines) else ""
    return len(text) - len(text.lstrip()) + 1, line, len(text) + 1
