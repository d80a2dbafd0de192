"""Quick fixes: what an editor offers against a finding, and against all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types

from tie_lint.finding import Finding
from tie_lint.server.analysis import Analysis
from tie_lint.server.convert import Positions, diagnostic, overlap, span_of

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.tie-lint"


def code_actions(
    analysis: Analysis, uri: str, asked: types.Range, only: list[str] | None
) -> Iterator[types.CodeAction]:
    """Yield the fixes of findings in a range of a text, safe ones first, then that of all that can be fixed
    safely."""
    wanted = analysis.file.range_in_document(uri, asked)
    if _is_asked_for(types.CodeActionKind.QuickFix.value, only):
        found = [one for one in _with_fixes(analysis, wanted) if one.fix is not None]
        for finding in sorted(found, key=lambda one: one.fix is not None and not one.fix.safe):
            action = _quick_fix(analysis, finding)
            if action is not None:
                yield action
    if _is_asked_for(FIX_ALL, only) and analysis.findings:
        text, others = analysis.fixed_safely()
        if text != analysis.document.text or others:
            changes = analysis.file.replaced(text) if text != analysis.document.text else {}
            changes |= {path.as_uri(): [_whole(analysis, path, new)] for path, new in others.items()}
            yield types.CodeAction(
                title="tie-lint: fix all that can be fixed safely",
                kind=FIX_ALL,
                edit=types.WorkspaceEdit(changes=changes),
            )


def _is_asked_for(kind: str, only: list[str] | None) -> bool:
    return only is None or any(kind == one or kind.startswith(f"{one}.") for one in only)


def _with_fixes(analysis: Analysis, wanted: types.Range) -> list[Finding]:
    """The findings in a range of the document, with fixes; nothing is worked out where there are none."""

    def is_there(finding: Finding) -> bool:
        return overlap(analysis.file.positions.range(*span_of(finding)), wanted)

    if not any(map(is_there, analysis.findings)):
        return []
    return [finding for finding in analysis.with_fixes() if is_there(finding)]


def _quick_fix(analysis: Analysis, finding: Finding) -> types.CodeAction | None:
    fix, where, at = finding.fix, "", analysis.file.location(*span_of(finding)).range
    if fix is None:
        return None
    if fix.path is None:
        changes = analysis.file.edits(fix.edits)
    else:
        where = f" in {fix.path.name}"
        changes = {fix.path.as_uri(): Positions(analysis.text_of(fix.path)).edits(fix.edits)}
    title = (
        f"Fix {finding.code} ({finding.name}){where}" if fix.safe else f"Fix {finding.code}{where}, unsafe"
    )
    return types.CodeAction(
        title=title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic(analysis.document.placed(finding), at, False)],
        is_preferred=fix.safe,
        edit=types.WorkspaceEdit(changes=changes),
    )


def _whole(analysis: Analysis, path: Path, new: str) -> types.TextEdit:
    return types.TextEdit(Positions(analysis.text_of(path)).whole, new)
