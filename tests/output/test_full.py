"""The report for people."""

from __future__ import annotations

import io

import pytest

from tests.output.report import FINDING, UNREADABLE, report
from tie_lint.finding import Fix
from tie_lint.library.releases import NEWEST
from tie_lint.library.target import Targets
from tie_lint.output.reports import full
from tie_lint.pipeline.report import Report
from tie_lint.record import replace


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(what: Report) -> str:
    stream = io.StringIO()
    full.write(what, stream)
    return stream.getvalue()


def test_findings_with_the_line_they_point_at() -> None:
    assert printed(report(UNREADABLE, FINDING)) == (
        "b.py:1:1: TIE900 Acme is wrong\n"
        "  = error: 100% untied\n"
        "models/acme.py:2:7: TIE001 Acme is wrong\n"
        "  |\n"
        "2 | class Acme(Base):\n"
        "  |       ^^^^\n"
        "  = error: 100% untied\n"
        "Found 2 problems in 2 files (1 model file, transformers 4.51.3).\n"
        "TIE001: https://example.org/tie001\n"
        "TIE900: https://example.org/tie001\n"
    )


def test_what_comes_of_a_finding_in_which_releases_and_what_can_be_done() -> None:
    differs = replace(
        FINDING,
        severity="warning",
        effects=(("no tie", "4.45-4.57"), ("no save", "5.x")),
        notes=("generated from modular_acme.py:3",),
        fix=Fix(True, ()),
    )
    assert (
        "  = warning: no tie (4.45-4.57)\n"
        "  = warning: no save (5.x)\n"
        "  = note: generated from modular_acme.py:3\n"
        "  = help: fixable with --fix\n"
    ) in printed(report(differs))
    unsafe = replace(FINDING, stretch="5.x", fix=Fix(False, ()))
    assert (
        "  = error in transformers 5.x: 100% untied\n  = help: fixable with --fix --unsafe-fixes\n"
    ) in printed(report(unsafe))
    assert "\n  = error in transformers 5.x\n" in printed(report(replace(unsafe, effects=())))


def test_the_summary_counts_what_can_be_fixed() -> None:
    safe, unsafe = replace(FINDING, fix=Fix(True, ())), replace(FINDING, fix=Fix(False, ()))
    assert "\n2 fixable with --fix, 1 more with --fix --unsafe-fixes.\n" in printed(
        report(safe, safe, unsafe)
    )
    assert "\n1 fixable with --fix --unsafe-fixes.\n" in printed(report(unsafe))
    assert "fixable" not in printed(report(FINDING))


def test_no_line_is_as_long_as_all_that_is_said() -> None:
    what = replace(FINDING, effects=tuple((f"effect {number} " * 8, f"4.{number}") for number in range(5)))
    assert max(map(len, printed(report(what)).splitlines())) < 110


def test_a_quiet_report_has_the_findings_alone() -> None:
    what = report(FINDING)
    what.quiet = True
    assert printed(what).splitlines()[-1] == "  = error: 100% untied"


def test_targets_are_stretches_with_what_asked_for_them() -> None:
    what = report(releases=("4.50.3", "5.24.0"))
    what.targets = [
        Targets(("4.53.3", "4.57.6", NEWEST), "requirements.txt", oldest=("4.45.0", "4.54.0", "5.0.0")),
        Targets(("4.51.3",), "--transformers"),
    ]
    assert printed(what) == (
        "No problem found (1 model file, transformers 4.45-4.57, 5.x, from requirements.txt;"
        " transformers 4.51.3).\n"
    )


def test_nothing_found() -> None:
    assert printed(report()) == "No problem found (1 model file, transformers 4.51.3).\n"


def test_carets_stay_below_text_that_tabs_indent_and_end_with_the_line() -> None:
    wide = replace(FINDING, path="tabs.py", line=1, column=2, end_line=3)
    what = report(wide)
    what.lines["tabs.py"] = ["\tx = (", "\t\t1", ")"]
    assert "1 | \tx = (\n  | \t^^^^^\n" in printed(what)


def test_colour_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    terminal = Terminal()
    full.write(report(FINDING), terminal)
    assert "\x1b[" in terminal.getvalue()
    assert "\x1b]8;" in terminal.getvalue(), "the code is a link"
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in printed(report(FINDING))
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = Terminal()
    full.write(report(FINDING), terminal)
    assert terminal.getvalue() == printed(report(FINDING))
