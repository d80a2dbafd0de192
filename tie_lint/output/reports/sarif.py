"""For code scanning: SARIF 2.1.0, with a run for each set of targets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote

from tie_lint import __version__
from tie_lint.output.identity import fingerprints
from tie_lint.output.paths import in_repository, repository
from tie_lint.pipeline.report import Report
from tie_lint.rules import Rule, all_rules
from tie_lint.rules.page import render

if TYPE_CHECKING:
    from tie_lint.finding import Edit, Finding
    from tie_lint.library.target import Targets

FIXES = "show"

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"


def write(report: Report, stream: TextIO) -> None:
    """Write one log."""
    identities = dict(zip(map(id, report.findings), fingerprints(report.findings), strict=True))
    runs = []
    for targets in report.targets:
        findings = [one for one in report.findings if report.targets_of.get(one.path) == targets]
        results = [_result(finding, identities[id(finding)]) for finding in findings]
        runs.append(_run(report, targets, results))
    json.dump({"$schema": SCHEMA, "version": "2.1.0", "runs": runs}, stream, indent=2)
    stream.write("\n")


def _run(report: Report, targets: Targets, results: list[dict[str, Any]]) -> dict[str, Any]:
    here = Path.cwd()
    failures = [{"level": "error", "message": {"text": failure.error}} for failure in report.failures]
    return {
        "tool": {
            "driver": {
                "name": "tie-lint",
                "version": __version__,
                "informationUri": "https://github.com/tie-lint/tie-lint",
                "rules": [_rule(rule) for rule in all_rules().values()],
            }
        },
        "automationDetails": {"id": f"tie-lint/transformers {targets.shown}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"uri": f"{(repository(here) or here).as_uri()}/"}},
        "invocations": [
            {"executionSuccessful": not failures, "toolExecutionNotifications": failures},
        ],
        "properties": {"transformers": list(targets.releases), "targetsFrom": targets.source},
        "results": results,
    }


def _rule(rule: Rule) -> dict[str, Any]:
    severities = set(rule.severities.values())
    page = render(rule)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": page, "markdown": page},
        "helpUri": rule.url,
        "defaultConfiguration": {"level": "error" if "error" in severities else "warning"},
        "properties": {"tags": ["transformers", "embeddings"], "precision": "very-high"},
    }


def _result(finding: Finding, identity: str) -> dict[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": _artifact(finding.path), "region": _region(finding.span)}
    }
    logical = [{"name": finding.class_name, "kind": "type"}] if finding.class_name else []
    if finding.cell is not None:
        logical.append({"name": f"cell {finding.cell}", "kind": "module"})
    if logical:
        location["logicalLocations"] = logical
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": list(all_rules()).index(finding.code),
        "level": finding.severity,
        "message": {"text": finding.full_message},
        "locations": [location],
        "partialFingerprints": {"fileClassRule/v1": identity},
        "properties": {"transformers": list(finding.transformers)},
    }
    if finding.fix is not None and finding.cell is None:
        result["fixes"] = [_fix(finding)]
    return result


def _fix(finding: Finding) -> dict[str, Any]:
    fix = finding.fix
    assert fix is not None
    path = finding.path if fix.path is None else str(fix.path)
    changes = {
        "artifactLocation": _artifact(path),
        "replacements": [_replacement(edit) for edit in fix.edits],
    }
    words = "A safe fix" if fix.safe else "A fix that is not known to be safe"
    return {"description": {"text": words}, "artifactChanges": [changes]}


def _replacement(edit: Edit) -> dict[str, Any]:
    region = _region((edit.line, edit.column, edit.end_line, edit.end_column))
    return {"deletedRegion": region, "insertedContent": {"text": edit.text}}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(in_repository(path)), "uriBaseId": ROOT}


def _region(span: Sequence[int]) -> dict[str, int]:
    return dict(zip(("startLine", "startColumn", "endLine", "endColumn"), span, strict=True))
