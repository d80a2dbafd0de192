"""How many findings there are of each rule: `--statistics`."""

from __future__ import annotations

import json
from collections import Counter
from typing import TextIO

from tie_lint.output.summary import write_summary
from tie_lint.output.terminal import write_pieces
from tie_lint.pipeline.report import Report

STRUCTURED = ("json", "json-lines")
"""Formats in which the numbers are JSON, too."""


def write(report: Report, output_format: str, stream: TextIO) -> None:
    """Write a row for every rule, the most frequent first: number, code, "[*]" if all can be fixed safely."""
    numbers = Counter((finding.code, finding.name) for finding in report.findings)
    fixable = Counter(finding.code for finding in report.findings if finding.fix and finding.fix.safe)
    rows = sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    if output_format in STRUCTURED:
        table = [
            {"code": code, "name": name, "count": number, "fixable": fixable[code]}
            for (code, name), number in rows
        ]
        if output_format == "json":
            json.dump(table, stream, indent=2)
            stream.write("\n")
        else:
            stream.writelines(f"{json.dumps(row)}\n" for row in table)
        return
    width = max((len(str(number)) for _, number in rows), default=0)
    for (code, name), number in rows:
        mark = {0: "[ ]", number: "[*]"}.get(fixable[code], "[-]")
        write_pieces([(f"{number:>{width}}  ", "bold"), (code, "bold red"), (f"  {mark} {name}", "")], stream)
    write_summary(report, stream)
