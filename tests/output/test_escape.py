"""Text that must not reach a terminal or a CI's parser as it stands."""

from __future__ import annotations

import io
import re
import unicodedata
from pathlib import Path

import pytest

from tests.output.report import FINDING, report
from tie_lint.output import diff
from tie_lint.output.escape import one_line, printable
from tie_lint.output.reports import full, github
from tie_lint.pipeline.report import Diff
from tie_lint.record import replace


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("Ünïcode 模型 \t tab", "Ünïcode 模型 \t tab"),
        ("no\u00a0break", "no\u00a0break"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("a\r\nb", "a\\r\\nb"),
        ("\u202eidib\u2066", "\\u202eidib\\u2066"),
        ("\x85\u2028\udcff\U000e0001", "\\x85\\u2028\\udcff\\U000e0001"),
        ("x ##[error]y", "x #\\x23[error]y"),
    ],
)
def test_what_is_printed(raw: str, shown: str) -> None:
    assert printable(raw) == shown


def test_nothing_that_controls_a_terminal_is_left() -> None:
    every = "".join(map(chr, range(0x3000))) + "\ud800\udfff\U000e007f"
    left = {unicodedata.category(character) for character in printable(every)}
    assert not left & {"Cf", "Cs", "Zl", "Zp"}
    assert [character for character in printable(every) if unicodedata.category(character) == "Cc"] == ["\t"]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [("::error::x", "\\x3a:error::x"), ("  ::set-output", "  \\x3a:set-output"), ("a::b", "a::b"), ("", "")],
)
def test_no_line_begins_with_a_command(raw: str, shown: str) -> None:
    assert one_line(raw) == shown


def test_carets_stand_below_what_they_point_at_however_it_is_printed() -> None:
    what = report(replace(FINDING, path="odd.py", line=1, column=2, end_line=1, end_column=4))
    what.lines["odd.py"] = ["\x1babc"]
    stream = io.StringIO()
    full.write(what, stream)
    assert "1 | \\x1babc\n  |     ^^\n" in stream.getvalue()


def test_an_annotation_keeps_its_file_and_loses_control_characters() -> None:
    stream = io.StringIO()
    github.write(report(replace(FINDING, path="::a\x1b\n.py")), stream)
    (line,) = stream.getvalue().splitlines()
    assert line.startswith("::error file=%3A%3Aa\\x1b%0A.py,line=2,")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_diff_is_exact_for_programs_and_printable_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    what = report()
    what.diffs.append(Diff(Path("a\x07.py"), "x = '\x1b'\n", "x = '\x1b'\ny = 1"))
    stream, terminal = io.StringIO(), Terminal()
    diff.write(what, stream)
    assert stream.getvalue() == (
        "--- a\\x07.py\n+++ a\\x07.py\n@@ -1 +1,2 @@\n x = '\x1b'\n+y = 1\n\\ No newline at end of file\n"
    )
    diff.write(what, terminal)
    plain = re.sub(r"\x1b\[[\d;]*m", "", terminal.getvalue())
    assert plain == stream.getvalue().replace("\x1b", "\\x1b")
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = Terminal()
    diff.write(what, terminal)
    assert terminal.getvalue() == plain
