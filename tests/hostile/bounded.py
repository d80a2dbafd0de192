"""The command in a process of its own, with a bound on its memory and on its CPU time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tie_lint
from tests import forked
from tests.forked import Bounds, Ended
from tie_lint.cli import main

MEGABYTE = 1 << 20
BOUNDS = Bounds(memory=1_000 * MEGABYTE, cpu_seconds=40)
"""Twenty seconds for checking a file and twenty for explaining it, which one process does."""
CLASSIC, MAPPING = "4.51.3", "5.23.0"


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a command: ours, with the package of this checkout first."""
    return {**os.environ, "PYTHONPATH": str(Path(tie_lint.__file__).parents[1]), **(changes or {})}


def command(*arguments: str) -> list[str]:
    """The command line of ``tie-lint`` with these arguments."""
    return [sys.executable, "-m", "tie_lint", *arguments]


def bounded(*arguments: str, cwd: Path) -> Ended:
    """Run ``tie-lint`` within the bounds and return how it ended."""
    return forked.run(forked.TIE_LINT, *arguments, cwd=cwd, bounds=BOUNDS)


def afresh(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Ended:
    """Do the same in a new interpreter, for what that reads when it starts."""
    return _started(command(*arguments), cwd, environment(env))


def shell(line: str, *, cwd: Path) -> Ended:
    """Run a shell command in which ``$TIE_LINT`` stands for the program, within the bounds."""
    return _started(["sh", "-c", line], cwd, environment({"TIE_LINT": " ".join(command())}))


def _started(command_line: list[str], cwd: Path, env: Mapping[str, str]) -> Ended:
    done = subprocess.run(
        command_line,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        preexec_fn=_bound,
        timeout=forked.PATIENCE,
        check=False,
    )
    out, err = (stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr))
    return Ended(done.returncode, out, err)


def _bound() -> None:
    forked.bound(BOUNDS)


@dataclass(frozen=True)
class Answers:
    """What ``check`` and ``explain`` say of one file."""

    findings: list[dict[str, Any]]
    classes: dict[str, dict[str, Any]]


def check_and_explain() -> int:
    """Check and explain ``m.py`` as the arguments say; the program of :func:`answers`."""
    how = [*sys.argv[1:], "--output-format", "json"]
    checked = main(["check", "m.py", "--no-cache", "--jobs", "1", *how])
    print(chr(0), flush=True)
    explained = main(["explain", "m.py", *how])
    return 0 if checked in (0, 1) and explained == 0 else 2


def answers(folder: Path, text: str, release: str = MAPPING, *, class_time_limit: float = 2) -> Answers:
    """Check and explain a file with this text, in one process; both must end with an answer.

    What takes all the time there is proves the same with less of it.
    """
    (folder / "m.py").write_text(text, encoding="utf-8")
    (folder / "tie-lint.toml").write_text(f"class-time-limit = {class_time_limit}\n", encoding="utf-8")
    how = ["--config", "tie-lint.toml", "--transformers", release]
    ended = forked.run(f"{__name__}:{check_and_explain.__name__}", *how, cwd=folder, bounds=BOUNDS)
    assert ended.code == 0, (ended.code, ended.err[-2000:])
    assert "Traceback" not in ended.err
    findings, classes = map(json.loads, ended.out.split(chr(0)))
    return Answers(findings, {found["class"]: found for found in classes})
