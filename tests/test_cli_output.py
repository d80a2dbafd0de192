"""The options that say what is printed, where, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Write
from tests.examples import BAD, GOOD
from tie_lint.cli import main
from tie_lint.rules import all_rules
from tie_lint.rules.page import examples

Capture = pytest.CaptureFixture[str]
RELEASE = ["--transformers", "5.23.0"]


def test_quiet_prints_the_findings_alone(write: Write, capsys: Capture) -> None:
    write("acme.py", BAD)
    assert main(["-q", "--transformers", "99.0.0", "--output-format", "concise"]) == 1
    printed = capsys.readouterr()
    assert printed.err == ""
    assert [line.split()[1] for line in printed.out.splitlines()] == ["TIE001"]
    write("acme.py", GOOD)
    assert main(["-q", *RELEASE]) == 0
    assert capsys.readouterr().out == ""


def test_verbose_says_what_the_run_goes_by(write: Write, capsys: Capture) -> None:
    write("sub/acme.py", BAD)
    write("sub/tie-lint.toml", 'transformers = "5.23.0"\n')
    assert main(["-v"]) == 1
    assert (
        "sub: transformers 5.23.0, from sub/tie-lint.toml; settings of sub/tie-lint.toml"
        in capsys.readouterr().err
    )


def test_statistics(write: Write, capsys: Capture) -> None:
    for number in range(3):
        write(f"acme{number}.py", BAD)
    write("broken.py", "from transformers import PreTrainedModel\nclass A(PreTrainedModel:\n")
    assert main(["--statistics", *RELEASE]) == 1
    rows = capsys.readouterr().out.splitlines()
    assert rows[:2] == ["3  TIE001  [*] missing-output-embeddings", "1  TIE900  [ ] unreadable-file"]
    assert main(["--statistics", "--output-format", "github", *RELEASE]) == 1
    assert capsys.readouterr().out.splitlines()[:2] == rows[:2]
    assert main(["--statistics", "--output-format", "json-lines", *RELEASE]) == 1
    assert [json.loads(line)["count"] for line in capsys.readouterr().out.splitlines()] == [3, 1]
    assert main(["--statistics", "--output-format", "json", *RELEASE]) == 1
    table = json.loads(capsys.readouterr().out)
    assert table[0] == {"code": "TIE001", "name": "missing-output-embeddings", "count": 3, "fixable": 3}


def test_a_report_file_that_cannot_be_written_is_bad_usage(
    write: Write, capsys: Capture, folder: Path
) -> None:
    write("acme.py", BAD)
    assert main(["--output-file", ".", *RELEASE]) == 2
    assert "error: --output-file: .: " in capsys.readouterr().err


def test_the_report_goes_to_a_file(write: Write, capsys: Capture, folder: Path) -> None:
    write("acme.py", BAD)
    assert main(["--output-file", "out/report.json", "--output-format", "json", *RELEASE]) == 1
    assert capsys.readouterr().out == ""
    assert [one["code"] for one in json.loads((folder / "out" / "report.json").read_text())] == ["TIE001"]


def test_exit_codes_that_are_asked_for(write: Write) -> None:
    write("acme.py", BAD)
    assert main(["--exit-zero", *RELEASE]) == 0
    assert main(["--exit-non-zero-on-fix", "--fix", *RELEASE]) == 1
    assert main(["--exit-non-zero-on-fix", "--fix", *RELEASE]) == 0
    assert main(["nowhere.py", "--exit-zero"]) == 2


def test_the_format_may_be_a_setting(write: Write, capsys: Capture) -> None:
    write("acme.py", BAD)
    write("tie-lint.toml", 'output-format = "pylint"\n')
    main(RELEASE)
    assert capsys.readouterr().out.startswith("acme.py:5: [TIE001] ")
    main([*RELEASE, "--output-format", "concise"])
    assert capsys.readouterr().out.startswith("acme.py:5:7: TIE001 [*] ")
    write("tie-lint.toml", 'output-format = "pilint"\n')
    assert main(RELEASE) == 2
    assert (
        "tie-lint.toml output-format: no format 'pilint'; did you mean 'pylint'?" in capsys.readouterr().err
    )


def test_unsafe_fixes_may_be_a_setting_of_a_file(write: Write) -> None:
    unsafe = examples(all_rules()["TIE101"])[0].bad
    for name in ("one", "two"):
        write(f"{name}/acme.py", unsafe)
    write("two/tie-lint.toml", "unsafe-fixes = true\n")
    main(["--fix", "--transformers", "4.51.3"])
    assert {name: Path(f"{name}/acme.py").read_text() == unsafe for name in ("one", "two")} == {
        "one": True,
        "two": False,
    }


def test_colour_is_as_asked(write: Write, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.setenv(name, "")
    write("acme.py", BAD)
    main(["--color", "always", *RELEASE])
    assert "\x1b[1;3" in capsys.readouterr().out
    main(["--color", "always", "--diff", *RELEASE])
    assert "\x1b[32m+" in capsys.readouterr().out
    main(["rule", "TIE001"])
    assert "\x1b[" in capsys.readouterr().out
    main(["--color", "never", *RELEASE])
    assert "\x1b[" not in capsys.readouterr().out


SLOW = """
import sys, time
import tie_lint.output.progress as progress
import tie_lint.pipeline.checker as checker

progress.AFTER = progress.EVERY = 0
from tie_lint.cli import main
sys.exit(main([".", "--no-cache", "--jobs", "1", "--transformers", "5.23.0"]))
"""


@pytest.mark.skipif(os.name == "nt", reason="a pseudo terminal")
def test_a_bar_on_a_terminal_is_gone_in_the_end_and_pipes_have_none(write: Write) -> None:
    import pty

    for number in range(3):
        write(f"acme{number}.py", GOOD)
    main_end, terminal = pty.openpty()
    command = [sys.executable, "-c", SLOW]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=terminal, check=False)
    os.close(terminal)
    drawn = os.read(main_end, 10_000).decode()
    os.close(main_end)
    assert run.returncode == 0
    assert "] 1/3 files" in drawn and drawn.endswith("\r\x1b[K")
    assert subprocess.run(command, capture_output=True, check=False).stderr == b""
