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

MEGABYTE = 1 << 20
BOUNDS = Bounds(memory=1_000 * MEGABYTE, cpu_seconds=40)
"""Twenty seconds for checking a file and twenty for explaining what was found."""
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
    """What ``explain`` says of one file."""

    classes: dict[str, dict[str, Any]]

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Those of every class."""
        return [finding for found in self.classes.values() for finding in found["findings"]]


def answers(folder: Path, text: str, release: str = MAPPING, *, class_time_limit: float = 2) -> Answers:
    """Explain a file with this text, which checks it first; it must end with an answer.

    What takes all the time there is proves the same with less of it.
    """
    (folder / "m.py").write_text(text, encoding="utf-8")
    (folder / "tie-lint.toml").write_text(f"class-time-limit = {class_time_limit}\n", encoding="utf-8")
    how = ["--config", "tie-lint.toml", "--no-cache", "--transformers", release, "--output-format", "json"]
    ended = bounded("explain", "m.py", *how, cwd=folder)
    assert ended.code == 0, (ended.code, ended.err[-2000:])
    assert "Traceback" not in ended.err
    return Answers({found["class"]: found for found in json.loads(ended.out)})
