"""A report to print."""

from __future__ import annotations

from tie_lint.finding import Finding
from tie_lint.library.target import Targets
from tie_lint.pipeline.report import Report
from tie_lint.record import replace

FINDING = Finding(
    path="models/acme.py",
    line=2,
    column=7,
    code="TIE001",
    name="missing-output-embeddings",
    problem="Acme is wrong",
    end_line=2,
    end_column=11,
    class_name="Acme",
    transformers=("4.51.3",),
    severity="error",
    url="https://example.org/tie001",
    effects=(("100% untied", ""),),
)

UNREADABLE = replace(
    FINDING, path="b.py", line=1, column=1, end_line=1, end_column=2, code="TIE900", class_name=None
)


def report(*findings: Finding, releases: tuple[str, ...] = ("4.51.3",)) -> Report:
    """A report of these findings; the lines of ``models/acme.py`` are known."""
    lines = {"models/acme.py": ["import x", "class Acme(Base):", "    pass"]}
    targets = Targets(releases, "")
    made = Report([targets], list(findings), lines, model_files=1)
    made.targets_of.update(dict.fromkeys([finding.path for finding in findings], targets))
    return made
