"""For GitLab: a Code Quality report."""

from __future__ import annotations

import json
from typing import TextIO

from tie_lint.output.identity import fingerprints
from tie_lint.output.paths import in_repository
from tie_lint.pipeline.report import Report

FIXES = "none"

_SEVERITIES = {"error": "major", "warning": "minor"}


def write(report: Report, stream: TextIO) -> None:
    """Write one array, an issue for every finding."""
    issues = [
        {
            "description": f"{finding.code} {finding.full_message}",
            "check_name": f"{finding.code} {finding.name}",
            "fingerprint": identity,
            "severity": _SEVERITIES[finding.severity],
            "location": {
                "path": in_repository(finding.path),
                "lines": {"begin": finding.span[0], "end": finding.span[2]},
            },
        }
        for finding, identity in zip(report.findings, fingerprints(report.findings), strict=True)
    ]
    json.dump(issues, stream, indent=2)
    stream.write("\n")
