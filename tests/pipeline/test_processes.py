"""Worker processes that die, and runs that are interrupted."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import Write
from tests.examples import BAD
from tests.lab.reliability.kills import alive, children
from tie_lint.library.target import Targets
from tie_lint.pipeline import checker, file_job, processes, workers
from tie_lint.pipeline.check import check_files
from tie_lint.pipeline.file_job import FileJob, FixAction
from tie_lint.pipeline.linter import Linter
from tie_lint.pipeline.report import RunOptions
from tie_lint.pipeline.resolver import Resolved
from tie_lint.pipeline.result import FileResult
from tie_lint.settings import Settings

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="workers are forked, so that they can be patched"
)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_a_file_that_kills_its_process_costs_itself(
    write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch, how: signal.Signals
) -> None:
    for number in range(12):
        write(f"folder{number % 3}/acme{number}.py", BAD)
    real, parent = file_job.check_file, os.getpid()

    def check_file(linter: Linter, job: FileJob, action: FixAction | None) -> FileResult:
        if job.path.name in ("acme4.py", "acme7.py"):
            assert os.getpid() != parent
            os.kill(os.getpid(), how)
        return real(linter, job, action)

    monkeypatch.setattr(checker, "check_file", check_file)
    monkeypatch.setattr(workers, "WORTH_A_PROCESS", 1)
    report = check_files(
        [folder], Resolved(Settings(folder), Targets(("5.23.0",), "")), options=RunOptions(2)
    )
    assert len({finding.path for finding in report.findings}) == 10
    assert sorted((Path(failure.path).name, failure.error) for failure in report.failures) == [
        ("acme4.py", f"the process that checked it died ({how.name})"),
        ("acme7.py", f"the process that checked it died ({how.name})"),
    ]


SLOW = """
import os, sys, time
import tie_lint.pipeline.checker as checker
import tie_lint.pipeline.workers as workers

def check_file(linter, job, action):
    os.write(1, b"begun\\n")  # whole, though two processes write
    while True:
        time.sleep(0.01)  # in short: a signal that comes just before a long sleep is heeded after it

checker.check_file = check_file
workers.WORTH_A_PROCESS = 1

from tie_lint.cli import command
sys.argv[1:] = [".", "--no-cache", "--jobs", sys.argv[1]]
sys.exit(command())
"""


def _heed_interrupts() -> None:
    """A shell that starts the tests in the background has them, and what they start, ignore interrupts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _begin_slow_run(write: Write, jobs: str) -> subprocess.Popen[str]:
    """Start a run that never ends, and wait until each of its workers checks a file."""
    for number in range(4):
        write(f"acme{number}.py", BAD)
    run = subprocess.Popen(
        [sys.executable, "-c", SLOW, jobs],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_heed_interrupts,
    )
    assert run.stdout is not None
    for _ in range(int(jobs)):
        assert run.stdout.readline() == "begun\n"
    return run


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("whole", [True, False], ids=["terminal", "parent"])
def test_an_interrupt_ends_the_run_at_once(write: Write, jobs: str, whole: bool) -> None:
    run = _begin_slow_run(write, jobs)
    began = time.monotonic()
    (os.killpg if whole else os.kill)(run.pid, signal.SIGINT)
    _, errors = run.communicate(timeout=30)
    assert (run.returncode, errors) == (130, "tie-lint: interrupted\n")
    assert time.monotonic() - began < 5, "a second, on a machine that does nothing else"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
@pytest.mark.parametrize("all_of_them", [True, False], ids=["all", "one-worker"])
def test_processes_that_are_stopped_end_with_the_run(
    write: Write, how: signal.Signals, all_of_them: bool
) -> None:
    run = _begin_slow_run(write, "2")
    (child,) = children(run.pid)
    workers = children(child)
    for stopped in [*workers, child] if all_of_them else workers[-1:]:
        os.kill(stopped, signal.SIGSTOP)
    run.send_signal(how)
    run.communicate(timeout=30)  # nobody has its streams any more
    assert run.returncode == (130 if how is signal.SIGINT else -how)
    end = time.monotonic() + 20
    while any(map(alive, [child, *workers])) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(alive, [child, *workers]))


@pytest.mark.parametrize("what", ["fork", "pipe"])
def test_where_no_worker_may_be_started_all_is_checked_here(
    write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    for number in range(4):
        write(f"acme{number}.py", BAD)
    monkeypatch.setattr(workers, "WORTH_A_PROCESS", 1)

    def refuse() -> None:
        raise OSError(11 if what == "fork" else 24, "there are too many")

    monkeypatch.setattr(os, what, refuse)
    report = check_files(
        [folder], Resolved(Settings(folder), Targets(("5.23.0",), "")), options=RunOptions(2)
    )
    assert len({finding.path for finding in report.findings}) == 4
    assert (report.failures, multiprocessing.active_children()) == ([], [])


def test_a_worker_ends_before_it_has_read_too_much(
    write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        write(f"folder{number}/acme.py", BAD)
    seen = folder / "processes"
    real = file_job.check_file

    def check_file(linter: Linter, job: FileJob, action: FixAction | None) -> FileResult:
        with seen.open("a") as file:
            file.write(f"{os.getpid()}\n")
        return real(linter, job, action)

    monkeypatch.setattr(checker, "check_file", check_file)
    monkeypatch.setattr(workers, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(processes, "MOST_READ", 3 * len(BAD))
    report = check_files(
        [folder], Resolved(Settings(folder), Targets(("5.23.0",), "")), options=RunOptions(2)
    )
    assert len({finding.path for finding in report.findings}) == 12
    files = Counter(seen.read_text().split())
    assert (max(files.values()), str(os.getpid()) in files) == (3, False)
