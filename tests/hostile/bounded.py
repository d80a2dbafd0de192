"""The command in a process of its own, with a bound on its memory and on its CPU time."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tie_lint

MEGABYTE = 1 << 20
MEMORY = 1_000 * MEGABYTE
CPU_SECONDS = 40
"""Twenty for checking a file and twenty for explaining it, which one process does."""
PATIENCE = 180
"""Seconds of the clock, which passes while other processes have the processor."""
CLASSIC, MAPPING = "4.51.3", "5.23.0"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    def told_without_traceback(self) -> bool:
        """Whether it ended by its own will, and not by an exception that nobody caught."""
        return self.code in (0, 1, 2) and "Traceback" not in self.err


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a command: ours, with the package of this checkout first."""
    return {**os.environ, "PYTHONPATH": str(Path(tie_lint.__file__).parents[1]), **(changes or {})}


def command(*arguments: str) -> list[str]:
    """The command line of ``tie-lint`` with these arguments."""
    return [sys.executable, "-m", "tie_lint", *arguments]


def bounded(
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: Any = subprocess.DEVNULL,
    stdout: Any = subprocess.PIPE,
) -> Ended:
    """Run ``tie-lint`` within the bounds and return how it ended."""
    return _run(command(*arguments), cwd, env, stdin, stdout)


def shell(line: str, *, cwd: Path) -> Ended:
    """Run a shell command in which ``$TIE_LINT`` stands for the program, within the bounds."""
    return _run(
        ["sh", "-c", line], cwd, {"TIE_LINT": " ".join(command())}, subprocess.DEVNULL, subprocess.PIPE
    )


def _run(args: Sequence[str], cwd: Path, env: Mapping[str, str] | None, stdin: Any, stdout: Any) -> Ended:
    done = subprocess.run(
        args,
        cwd=cwd,
        env=environment(env),
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        preexec_fn=_limit,
        timeout=PATIENCE,
        check=False,
    )
    out, err = (stream.decode("utf-8", "replace") if stream else "" for stream in (done.stdout, done.stderr))
    return Ended(done.returncode, out, err)


@dataclass(frozen=True)
class Answers:
    """What ``check`` and ``explain`` say of one file."""

    findings: list[dict[str, Any]]
    classes: dict[str, dict[str, Any]]


BOTH = """
import sys
from tie_lint.cli import main
how = [*sys.argv[1:], "--isolated", "--output-format", "json"]
checked = main(["check", "m.py", "--no-cache", "--jobs", "1", *how])
print(chr(0), flush=True)
explained = main(["explain", "m.py", *how])
sys.exit(0 if checked in (0, 1) and explained == 0 else 2)
"""


def answers(folder: Path, text: str, release: str = MAPPING) -> Answers:
    """Check and explain a file with this text, in one process; both must end with an answer."""
    (folder / "m.py").write_text(text, encoding="utf-8")
    args = [sys.executable, "-c", BOTH, "--transformers", release]
    ended = _run(args, folder, None, subprocess.DEVNULL, subprocess.PIPE)
    assert ended.code == 0, ended.err[-2000:]
    assert "Traceback" not in ended.err
    findings, classes = map(json.loads, ended.out.split(chr(0)))
    return Answers(findings, {found["class"]: found for found in classes})
