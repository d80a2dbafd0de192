"""The report for people."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from tests.output.report import FINDING, UNREADABLE, report
from tie_lint.output import text
from tie_lint.pipeline.report import Report


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(what: Report) -> str:
    stream = io.StringIO()
    text.write(what, stream)
    return stream.getvalue()


def test_findings_with_the_line_they_point_at() -> None:
    assert printed(report(UNREADABLE, FINDING)) == (
        "b.py:1:1: TIE900 Acme is wrong: 100% untied\n"
        "models/acme.py:2:7: TIE001 Acme is wrong: 100% untied\n"
        "  |\n"
        "2 | class Acme(Base):\n"
        "  |       ^^^^\n"
        "Found 2 problems in 2 files (1 model file, transformers 4.51.3).\n"
    )


def test_several_releases_are_told_for_each_finding() -> None:
    assert "untied [transformers 4.51.3]\n" in printed(report(FINDING, releases=("4.51.3", "5.23.0")))


def test_nothing_found() -> None:
    assert printed(report()) == "No problem found (1 model file, transformers 4.51.3).\n"


def test_carets_stay_below_text_that_tabs_indent_and_end_with_the_line() -> None:
    wide = replace(FINDING, path="tabs.py", line=1, column=2, end_line=3)
    what = report(wide)
    what.lines["tabs.py"] = ["\tx = (", "\t\t1", ")"]
    assert "1 | \tx = (\n  | \t^^^^^\n" in printed(what)


def test_colour_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    terminal = Terminal()
    text.write(report(FINDING), terminal)
    assert "\x1b[" in terminal.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = Terminal()
    text.write(report(FINDING), terminal)
    assert terminal.getvalue() == printed(report(FINDING))
