"""A file that kills the process costs itself, in every command and with one process, too."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Write
from tests.examples import BAD, GOOD
from tests.folders import EMBEDDING, SMALL, Stored, write_folder
from tests.lab.reliability.kills import alive

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are supervised on Linux")

DEADLY = """
import os, signal, sys
import tie_lint.pipeline.checker as checker
import tie_lint.pipeline.explain as explain
import tie_lint.pipeline.model_folder as model_folder

def deadly(real, is_deadly):
    def call(*arguments, **more):
        if is_deadly(*arguments):
            os.kill(os.getpid(), signal.SIGSEGV)
        return real(*arguments, **more)
    return call

FolderChecker = model_folder.FolderChecker
checker.check_file = deadly(checker.check_file, lambda linter, job, action: "deadly" in job.shown)
explain.explain_view = deadly(explain.explain_view, lambda document, *_: "deadly" in document.shown)
FolderChecker.check = deadly(FolderChecker.check, lambda self, path: "deadly" in str(path))
FolderChecker.explain = deadly(FolderChecker.explain, lambda self, path, *_: "deadly" in str(path))

from tie_lint.cli import command
sys.exit(command())
"""
SEVERAL = ("acme0.py", "acme1.py", "deadly2.py", "acme3.py", "deadly4.py", "acme5.py")


def run(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    more = ["--isolated", "--transformers", "5.23.0"]
    command = [arguments[0], *more, *arguments[1:]]
    return subprocess.run(
        [sys.executable, "-c", DEADLY, *command],
        capture_output=True,
        text=True,
        input=stdin,
        timeout=300,
        check=False,
    )


def died(errors: str, doing: str) -> list[str]:
    """The files that are told to have killed a process."""
    lines = errors.splitlines()
    said = f": the process that {doing} it died (SIGSEGV); please report it at "
    assert all(said in line for line in lines), errors
    return [line.removeprefix("tie-lint: internal error: ").partition(said)[0] for line in lines]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_file_that_kills_the_process_that_checks_it(write: Write, jobs: str) -> None:
    for name in SEVERAL:
        write(name, BAD)
    done = run("check", "--jobs", jobs, "--no-cache", "--output-format", "json", ".")
    assert done.returncode == 2
    assert died(done.stderr, "checked") == ["deadly2.py", "deadly4.py"]
    assert {one["path"] for one in json.loads(done.stdout)} == {
        "acme0.py",
        "acme1.py",
        "acme3.py",
        "acme5.py",
    }


def test_a_file_that_kills_the_process_that_explains_it(write: Write) -> None:
    for name in SEVERAL:
        write(name, GOOD)
    done = run("explain", ".")
    assert done.returncode == 2
    assert died(done.stderr, "explained") == ["deadly2.py", "deadly4.py"]
    for name in SEVERAL:
        assert done.stdout.count(f"AcmeForCausalLM  {name}:") == ("deadly" not in name)
    as_json = run("explain", "--output-format", "json", ".")
    assert {one["path"] for one in json.loads(as_json.stdout)} == {
        name for name in SEVERAL if "deadly" not in name
    }


def test_a_folder_that_kills_the_process(folder: Path) -> None:
    for name in ("one", "deadly", "two"):
        write_folder(folder / name, SMALL, {EMBEDDING: Stored([100, 16])})
    done = run("check", "--no-cache", "--output-format", "json", ".")
    assert done.returncode == 2
    assert died(done.stderr, "checked") == ["deadly/config.json"]
    assert [one["path"] for one in json.loads(done.stdout)] == ["one/config.json", "two/config.json"]
    explained = run("explain", ".")
    assert (explained.returncode, died(explained.stderr, "explained")) == (2, ["deadly"])
    assert explained.stdout.count("LlamaForCausalLM  ") == 2


def test_standard_input_that_kills_the_process(folder: Path) -> None:
    done = run("explain", "-", "--stdin-filename", "deadly.py", stdin=GOOD)
    assert (done.returncode, done.stdout, died(done.stderr, "explained")) == (2, "", ["deadly.py"])


def test_a_run_that_finds_all_in_the_cache_starts_no_process(write: Write) -> None:
    write("acme.py", BAD)
    code = "import os, sys\nfork = os.fork\nos.fork = lambda: print('forked', flush=True) or fork()\n"
    code += "from tie_lint.cli import command\nsys.exit(command())"
    command = [sys.executable, "-c", code, "acme.py", "--cache-dir", "kept", "--output-format", "concise"]
    first, second = (
        subprocess.run(command, capture_output=True, text=True, check=False, timeout=300) for _ in range(2)
    )
    assert first.stdout == f"forked\n{second.stdout}"
    assert "TIE" in second.stdout
    assert (first.returncode, second.returncode) == (1, 1)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_nothing_outlives_the_process_that_was_started(write: Write, how: signal.Signals) -> None:
    write("acme.py", BAD)
    slow = (
        "import os, time, sys\nimport tie_lint.pipeline.checker as checker\n"
        "def check_file(*_):\n    os.write(1, b'%d\\n' % os.getpid())\n    time.sleep(60)\n"
        "checker.check_file = check_file\nfrom tie_lint.cli import command\nsys.exit(command())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", slow, ".", "--no-cache", "--jobs", "1"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        assert child != process.pid
        process.send_signal(how)
        assert process.wait(30) == -how
    end = time.monotonic() + 20
    while alive(child) and time.monotonic() < end:
        time.sleep(0.05)
    assert not alive(child)
