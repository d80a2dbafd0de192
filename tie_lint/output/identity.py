"""What makes a finding the same one after lines have moved: file, class and rule, and its number of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tie_lint.output.paths import in_repository
from tie_lint.python.disk import fingerprint

if TYPE_CHECKING:
    from tie_lint.finding import Finding


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """Return the fingerprint of each finding; no two are alike."""
    counted: Counter[tuple[str, str, str]] = Counter()
    found = []
    for finding in findings:
        key = (in_repository(finding.path), finding.class_name or "", finding.code)
        counted[key] += 1
        found.append(fingerprint(repr((*key, counted[key])).encode("utf-8", "surrogatepass")))
    return found
