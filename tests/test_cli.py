"""The command, from its arguments to its exit code."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import tie_lint.pipeline.linter
from tests.conftest import Write
from tests.examples import BAD, GOOD, LINE
from tie_lint import __version__
from tie_lint.cli import main
from tie_lint.pipeline.document import Document

Capture = pytest.CaptureFixture[str]


def codes(capsys: Capture, *arguments: str) -> list[str]:
    """The codes that a run prints as JSON."""
    main([*arguments, "--output-format", "json"])
    return [finding["code"] for finding in json.loads(capsys.readouterr().out)]


@pytest.mark.parametrize("arguments", [[], ["."], ["check"], ["check", "acme.py"], ["acme.py"]])
def test_check(write: Write, capsys: Capture, arguments: list[str]) -> None:
    write("acme.py", BAD)
    assert main(arguments) == 1
    assert f"acme.py:{LINE}:7: TIE001 AcmeForCausalLM" in capsys.readouterr().out


def test_nothing_found(write: Write, capsys: Capture) -> None:
    write("acme.py", GOOD)
    assert main(["--transformers", "5.23.0"]) == 0
    assert capsys.readouterr().out == "No problem found (1 model file, transformers 5.23.0).\n"


def test_an_empty_run_does_not_read_as_a_clean_one(write: Write, capsys: Capture) -> None:
    write("ordinary.py", "import os\n")
    assert main([]) == 0
    assert "no model file found among the paths" in capsys.readouterr().err


def test_a_range_of_releases(write: Write, capsys: Capture) -> None:
    write("acme.py", BAD)
    assert main(["--transformers", ">=4.45,<4.55"]) == 1
    text = capsys.readouterr().out
    assert "the head is not tied to the input embeddings\n" in text, (
        "nothing is said where all targets are hit"
    )
    assert "(1 model file, transformers 4.45-4.54)" in text


def test_warnings_about_the_release_go_to_standard_error(write: Write, capsys: Capture) -> None:
    write("acme.py", GOOD)
    assert main(["--transformers", "4.31.0"]) == 0
    assert "4.31.0 is older than any supported" in capsys.readouterr().err


def test_settings_and_their_override(write: Write, capsys: Capture) -> None:
    write("acme.py", BAD)
    write("pyproject.toml", '[tool.tie-lint]\nignore = ["TIE001"]\n')
    write("other.toml", '[tool.tie-lint]\nselect = ["TIE002"]\n')
    assert codes(capsys) == []
    assert codes(capsys, "--ignore", "TIE002,TIE003") == ["TIE001"]
    assert codes(capsys, "--isolated") == ["TIE001"]
    assert codes(capsys, "--isolated", "--select", "TIE002") == []
    assert codes(capsys, "--config", "other.toml") == []
    assert codes(capsys, "--isolated", "--exclude", "acme.py,b/") == []


def test_standard_input(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    assert main(["-", "--stdin-filename", "models/acme.py"]) == 1
    assert f"{Path('models/acme.py')}:{LINE}:7: TIE001" in capsys.readouterr().out


@pytest.mark.parametrize(("excluded", "warned"), [("models/", False), ("others/", True)])
def test_standard_input_that_the_settings_leave_out_is_passed_over_in_silence(
    write: Write, capsys: Capture, monkeypatch: pytest.MonkeyPatch, excluded: str, warned: bool
) -> None:
    write("tie-lint.toml", f'exclude = ["{excluded}"]\n')
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x = 1\n")))
    assert main(["-", "--stdin-filename", "models/acme.py"]) == 0
    assert ("no model file" in capsys.readouterr().err) == warned


def test_unreadable_files_do_not_end_the_run(write: Write, folder: Path, capsys: Capture) -> None:
    write("acme.py", BAD)
    write("broken.py", "from transformers import PreTrainedModel\nclass A(PreTrainedModel:\n")
    (folder / "latin.py").write_bytes(b"# caf\xe9\n")
    (folder / "dangling.py").symlink_to("nowhere")
    assert main(["--output-format", "json"]) == 1
    found = [(item["path"], item["code"], item["line"]) for item in json.loads(capsys.readouterr().out)]
    assert found == [
        ("acme.py", "TIE001", LINE),
        ("broken.py", "TIE900", 2),
        ("dangling.py", "TIE900", 1),
        ("latin.py", "TIE900", 1),
    ]


def test_a_named_file_is_parsed_in_any_case(write: Write, capsys: Capture) -> None:
    write("broken.py", "def f(:\n")
    assert codes(capsys, "broken.py") == ["TIE900"]
    assert codes(capsys, ".") == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.py"], "nowhere.py"),
        (["--select", "E501"], "select"),
        (["--select", ""], "--select: no code is selected"),
        (["--output-format", "xml"], "--output-format: no format 'xml'; the formats are azure"),
        (["--ignore", "TIE7"], "ignore"),
        (["--transformers", "four"], "transformers: 'four'"),
        (["--config", "nowhere.toml"], "nowhere.toml"),
        (["--config", "."], "not a regular file"),
        (["--exclude", "!"], "exclude: "),
        (["--transformers", "9" * 5_000 + ".1.1"], "transformers: '999"),
        (["explain", "::Model"], "a path is empty"),
        (["-", "--stdin-filename", ""], "--stdin-filename"),
        (["-", "a.py"], "standard input"),
        (["rule", "TIE999"], "TIE999"),
    ],
)
def test_bad_usage(folder: Path, capsys: Capture, arguments: list[str], message: str) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""


@pytest.mark.parametrize("arguments", [["--tied-weights-keys", "base"], ["--color", "red"], ["--no"]])
def test_bad_options(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


def test_bad_configuration(write: Write, capsys: Capture) -> None:
    write("pyproject.toml", "[tool.tie-lint]\nslect = []\n")
    assert main([]) == 2
    assert "slect" in capsys.readouterr().err


@pytest.mark.parametrize("jobs", ["0", "-1", "many"])
def test_jobs_is_a_number(jobs: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--jobs", jobs])
    assert caught.value.code == 2
    assert "expected a whole number from 1 on" in capsys.readouterr().err


def test_the_cache_is_where_the_settings_say(write: Write, capsys: Capture, folder: Path) -> None:
    write("acme.py", BAD)
    write("pyproject.toml", "[tool.tie-lint]\ncache-dir = 'kept'\n")
    told = []
    for _ in range(2):
        main([])
        told.append(capsys.readouterr())
    assert told[0] == told[1]
    assert len(list((folder / "kept").glob("*.json"))) == 1
    main(["--cache-dir", "elsewhere"])
    assert len(list((folder / "elsewhere").glob("*.json"))) == 1
    before = (folder / "kept").stat().st_mtime_ns
    main(["--no-cache"])
    assert (folder / "kept").stat().st_mtime_ns == before


def test_rule(capsys: Capture) -> None:
    assert main(["rule", "TIE001"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("# missing-output-embeddings (TIE001)\n")
    assert main(["rule", "missing-output-embeddings"]) == 0
    assert capsys.readouterr().out == page
    assert main(["rule"]) == 0
    assert capsys.readouterr().out.startswith("TIE001  missing-output-embeddings  ")


def test_version(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"tie-lint {__version__}\n"


def test_an_interrupt_ends_quietly(write: Write, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    write("acme.py", BAD)
    monkeypatch.setattr(tie_lint.pipeline.linter, "open_project", interrupted)
    assert main([]) == 130
    assert capsys.readouterr().err == "tie-lint: interrupted\n"


@pytest.mark.parametrize(("arguments", "code"), [(["check"], 2), (["explain"], 2), (["rule"], 2)])
def test_an_uncaught_exception_is_one_line_and_exit_code_2(
    write: Write, capsys: Capture, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int
) -> None:
    write("acme.py", BAD)
    monkeypatch.setattr(f"tie_lint.cli.{arguments[0]}.run", lambda options: [][0])
    assert main(arguments) == code
    printed = capsys.readouterr().err
    assert printed.startswith("tie-lint: internal error: IndexError: list index out of range (test_cli.py:")
    assert "please report it at https://" in printed and printed.count("\n") == 1
    monkeypatch.setenv("TIE_LINT_TRACEBACK", "1")
    assert main(arguments) == code
    assert "tie-lint: Traceback (most recent call last):" in capsys.readouterr().err


def test_an_internal_error_about_one_class_is_exit_code_2_in_explain(
    write: Write, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("good.py", GOOD)
    monkeypatch.setattr("tie_lint.tiemap.tie_map.tie_map", lambda *_: 1 // 0)
    assert main(["explain", "good.py::AcmeForCausalLM", "--output-format", "json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == "[]\n"
    assert printed.err.startswith("tie-lint: internal error: good.py: AcmeForCausalLM: ZeroDivisionError")


@pytest.mark.parametrize("arguments", [[""], ["check", "a.py", ""], ["explain", ""]])
def test_an_empty_path_is_bad_usage(folder: Path, capsys: Capture, arguments: list[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err == "tie-lint: error: a path is empty\n"


def run(command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """What a shell makes of a command, in which ``tie-lint`` is this one."""
    command = command.replace("tie-lint", f"{shlex.quote(sys.executable)} -m tie_lint")
    return subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
        **options,
    )


def test_paths_may_stand_between_options(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one.py", "two.py", "-x.py"):
        write(name, BAD)
    release = ["--transformers", "5.23.0"]
    assert main(["one.py", *release, "two.py", "--output-format", "concise"]) == 1
    assert "Found 2 problems in 2 files" in capsys.readouterr().out
    assert main([*release, "--output-format", "concise", "--", "one.py", "-x.py"]) == 1
    assert "Found 2 problems in 2 files" in capsys.readouterr().out


POSIX = pytest.mark.skipif(os.name == "nt", reason="POSIX pipes and descriptors")


HELD = """
import atexit, sys
from tie_lint import cli

class Held:
    def __del__(self):
        print("taken apart")

def main(**how):
    atexit.register(print, "at exit")
    return cli_main(**how)

held = Held()
cli_main, cli.main = cli.main, main
sys.exit(cli.command())
"""


@pytest.mark.parametrize(("text", "code"), [(BAD, 1), (GOOD, 0)])
def test_the_process_of_the_command_ends_without_taking_the_heap_apart(
    write: Write, text: str, code: int
) -> None:
    write("acme.py", text)
    run = [sys.executable, "-c", HELD, "acme.py", "--no-cache", "--output-format", "github"]
    ended = subprocess.run(run, capture_output=True, text=True, check=False)
    printed = ended.stdout.splitlines()
    found = [line for line in printed if line != "at exit"]  # each process says it that took part
    assert (ended.returncode, ended.stderr, len(found), printed[-1]) == (code, "", code, "at exit")


@POSIX
def test_a_reader_that_goes_away_ends_the_run_without_a_word() -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "tie_lint", "rule", "TIE001"]
    ended = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (ended.returncode, ended.stderr) == (141, b"")


@POSIX
@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("tie-lint --no-cache >&-", "standard output is closed"),
        ("tie-lint - <&-", "standard input is closed"),
        pytest.param(
            "tie-lint --no-cache > /dev/full",
            "No space left on device",
            marks=pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device"),  # noqa: PTH110
        ),
    ],
)
def test_a_stream_that_is_closed_or_full_is_one_line_and_exit_code_2(
    write: Write, command: str, message: str
) -> None:
    write("acme.py", BAD)
    ended = run(command)
    assert ended.returncode == 2
    assert ended.stderr.startswith("tie-lint: error: ") and message in ended.stderr
    assert ended.stderr.count("\n") == 1


@POSIX
def test_a_closed_standard_error_costs_no_findings(write: Write) -> None:
    write("acme.py", BAD)
    ended = run("tie-lint --no-cache --transformers 4.31.0 2>&-")
    assert (ended.returncode, ended.stderr) == (1, "")
    assert "TIE001" in ended.stdout and "older" not in ended.stdout


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1"])
def test_a_stream_of_another_encoding_gets_replacements(write: Write, encoding: str) -> None:
    write("acme.py", BAD.replace("AcmeForCausalLM", "ÄcmeForCausalLMЖ"))
    environment = {**os.environ, "PYTHONIOENCODING": f"{encoding}:strict"}
    checked = run("tie-lint --no-cache acme.py", env=environment)
    assert (checked.returncode, checked.stderr) == (1, "")
    explained = run("tie-lint explain acme.py", env=environment)
    assert (explained.returncode, explained.stderr) == (0, "")
    assert "`- head" in explained.stdout


@pytest.mark.parametrize(
    ("options", "told"), [([], "acme.py"), (["--diff"], "acme.py"), (["--fix"], "Fixed 1 problem")]
)
def test_a_mistake_of_ours_about_one_file_takes_nothing_from_the_others(
    write: Write, capsys: Capture, monkeypatch: pytest.MonkeyPatch, options: list[str], told: str
) -> None:
    write("acme.py", BAD)
    write("worse.py", BAD)
    check = tie_lint.pipeline.linter.Linter.check

    def mistaken(linter: Any, document: Document, *arguments: Any) -> Any:
        return check(linter, document, *arguments) if document.path.name == "acme.py" else 1 // 0

    with monkeypatch.context() as patched:
        patched.setattr(tie_lint.pipeline.linter.Linter, "check", mistaken)
        assert main(options) == 2
    printed = capsys.readouterr()
    assert told in printed.out
    assert "worse.py" not in printed.out
    assert printed.err.startswith("tie-lint: internal error: worse.py: ZeroDivisionError")
    assert "please report it at https://" in printed.err and printed.err.count("\n") == 1
    assert "test_cli.py:" in printed.err
    assert "worse.py" in codes_by_path(capsys)


def codes_by_path(capsys: Capture) -> dict[str, str]:
    """The last code that a run prints as JSON for each path."""
    main(["--output-format", "json"])
    return {finding["path"]: finding["code"] for finding in json.loads(capsys.readouterr().out)}
