"""Quick fixes: what an editor offers against a finding, and against all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types

from tie_lint.finding import Finding
from tie_lint.python.text import UnreadableSourceError
from tie_lint.server.analysis import Analysis
from tie_lint.server.convert import Positions, diagnostic, overlap

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.tie-lint"


def code_actions(
    analysis: Analysis, uri: str, wanted: types.Range, only: list[str] | None
) -> Iterator[types.CodeAction]:
    """Yield the fixes of findings in a range, safe ones first, then that of all that can be fixed safely."""
    positions = Positions(analysis.document.text)
    if _is_asked_for(types.CodeActionKind.QuickFix.value, only):
        found = [one for one in _with_fixes(analysis, positions, wanted) if one.fix is not None]
        for finding in sorted(found, key=lambda one: one.fix is not None and not one.fix.safe):
            action = _quick_fix(analysis, uri, finding, positions)
            if action is not None:
                yield action
    if _is_asked_for(FIX_ALL, only) and analysis.findings:
        text, others = analysis.fixed_safely()
        if text != analysis.document.text or others:
            changes = {uri: [types.TextEdit(positions.whole, text)]}
            changes |= {path.as_uri(): [_whole(analysis, path, new)] for path, new in others.items()}
            yield types.CodeAction(
                title="tie-lint: fix all that can be fixed safely",
                kind=FIX_ALL,
                edit=types.WorkspaceEdit(changes=changes),
            )


def _is_asked_for(kind: str, only: list[str] | None) -> bool:
    return only is None or any(kind == one or kind.startswith(f"{one}.") for one in only)


def _with_fixes(analysis: Analysis, positions: Positions, wanted: types.Range) -> list[Finding]:
    """The findings in a range, with fixes; nothing is worked out where there are none."""

    def is_there(finding: Finding) -> bool:
        at = positions.range(finding.line, finding.column, finding.end_line, finding.end_column)
        return overlap(at, wanted)

    if not any(map(is_there, analysis.findings)):
        return []
    return [finding for finding in analysis.with_fixes() if is_there(finding)]


def _quick_fix(
    analysis: Analysis, uri: str, finding: Finding, positions: Positions
) -> types.CodeAction | None:
    fix = finding.fix
    if fix is None:
        return None
    where = ""
    if fix.path is not None:
        positions, uri, where = _positions(analysis, fix.path), fix.path.as_uri(), f" in {fix.path.name}"
    title = (
        f"Fix {finding.code} ({finding.name}){where}" if fix.safe else f"Fix {finding.code}{where}, unsafe"
    )
    return types.CodeAction(
        title=title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic(finding, Positions(analysis.document.text), False)],
        is_preferred=fix.safe,
        edit=types.WorkspaceEdit(changes={uri: positions.edits(fix.edits)}),
    )


def _text(analysis: Analysis, path: Path) -> str:
    """The text of another file: the editor's, or what is on the disk."""
    open_texts = {other.absolute(): text for other, text in analysis.texts.items()}
    if path.absolute() in open_texts or analysis.linter is None:
        return open_texts.get(path.absolute(), "")
    try:
        return analysis.linter.document(path).text
    except UnreadableSourceError:
        return ""


def _positions(analysis: Analysis, path: Path) -> Positions:
    return Positions(_text(analysis, path))


def _whole(analysis: Analysis, path: Path, new: str) -> types.TextEdit:
    return types.TextEdit(_positions(analysis, path).whole, new)
