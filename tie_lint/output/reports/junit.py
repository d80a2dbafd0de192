"""For CI services that show tests: JUnit's XML, with a suite for each file."""

from __future__ import annotations

from itertools import groupby
from typing import TextIO
from xml.etree import ElementTree

from tie_lint.output.escape import printable
from tie_lint.pipeline.report import Report

FIXES = "none"


def write(report: Report, stream: TextIO) -> None:
    """Write every finding as a test that fails; one that passes where there is none."""
    number = len(report.findings)
    root = ElementTree.Element(
        "testsuites", name="tie-lint", tests=str(number or 1), failures=str(number), errors="0"
    )
    for path, group in groupby(report.findings, lambda finding: finding.where):
        findings = list(group)
        of_file = str(len(findings))
        suite = ElementTree.SubElement(
            root, "testsuite", name=printable(path), tests=of_file, failures=of_file, errors="0"
        )
        for finding in findings:
            place = {"line": str(finding.line), "column": str(finding.column)}
            name = f"{finding.code} {finding.class_name or finding.name}"
            case = ElementTree.SubElement(
                suite, "testcase", {"name": printable(name), "classname": printable(path), **place}
            )
            message = printable(finding.full_message)
            failure = ElementTree.SubElement(case, "failure", type=finding.severity, message=message)
            failure.text = f"line {finding.line}, column {finding.column}: {message}\n{finding.url}"
    if not report.findings:
        suite = ElementTree.SubElement(
            root, "testsuite", name="tie-lint", tests="1", failures="0", errors="0"
        )
        ElementTree.SubElement(suite, "testcase", name="No problem found", classname="tie-lint")
    ElementTree.indent(root)
    stream.write('<?xml version="1.0" encoding="utf-8"?>\n')
    stream.write(ElementTree.tostring(root, encoding="unicode") + "\n")
