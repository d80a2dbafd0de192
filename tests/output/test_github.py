"""The report for GitHub."""

from __future__ import annotations

import io

from tests.output.report import FINDING, report
from tie_lint.output.reports import github
from tie_lint.record import replace


def test_a_finding_is_a_workflow_command() -> None:
    stream = io.StringIO()
    github.write(report(replace(FINDING, path="a,b.py", problem="50%\nless", effects=())), stream)
    assert stream.getvalue() == (
        "::error file=a%2Cb.py,line=2,endLine=2,col=7,endColumn=10,title=TIE001 missing-output-embeddings"
        "::a,b.py:2:7: TIE001 50%25%0Aless\n"
    )
