"""Hand files to workers, and notice which file a worker dies of."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

LOAD = 100
"""How many files a worker gets: its memory is measured from its start."""
GIGABYTE = 1_000_000_000


@dataclass
class Tally:
    """What came of many files."""

    files: int = 0
    no_python: int = 0
    findings: int = 0
    explained: int = 0
    fixed: int = 0
    unparsable: list[str] = field(default_factory=list)
    unstable: list[str] = field(default_factory=list)
    crashed: list[str] = field(default_factory=list)
    too_slow: list[str] = field(default_factory=list)
    too_large: list[str] = field(default_factory=list)
    slowest: float = 0.0
    largest: int = 0

    def add(self, found: dict[str, Any]) -> None:
        """Count what came of one file."""
        path, before = found["path"], len(self.failures)
        self.files += 1
        self.no_python += not found.get("python", True)
        self.findings += found.get("findings", 0)
        self.explained += found.get("explained", 0)
        self.fixed += found.get("fixed", False)
        for name in ("unparsable", "unstable", "too_slow"):
            if found.get(name):
                getattr(self, name).append(path)
        self.crashed += [f"{path}: {crash}" for crash in found.get("crashes", ())]
        self.slowest = max(self.slowest, found.get("cpu", 0.0))
        self.largest = max(self.largest, found.get("peak", 0))
        if found.get("peak", 0) > GIGABYTE:
            self.too_large.append(path)
        if len(self.failures) > before:
            print(json.dumps(found), file=sys.stderr, flush=True)

    @property
    def failures(self) -> list[str]:
        """What must not happen."""
        return [*self.crashed, *self.too_slow, *self.too_large, *self.unparsable, *self.unstable]

    def counts(self) -> dict[str, int | float]:
        """Return the figures for the page."""
        return {
            "files": self.files,
            "no Python": self.no_python,
            "model classes explained": self.explained,
            "findings": self.findings,
            "files fixed": self.fixed,
            "crashes": len(self.crashed),
            "over 20 s of CPU time": len(self.too_slow),
            "over 1 GB of memory": len(self.too_large),
            "unparsable fixes": len(self.unparsable),
            "unstable fixes": len(self.unstable),
            "longest, seconds of CPU time": round(self.slowest, 1),
            "largest, MB": self.largest // 1_000_000,
        }


def kept(keep: Path | None) -> list[dict[str, Any]]:
    """Return what came of the files that an earlier run got to."""
    if keep is None or not keep.exists():
        return []
    return [json.loads(line) for line in keep.read_text(encoding="utf-8").splitlines() if line.endswith("}")]


def run(paths: Iterator[Path], release: str, *, fixing: bool, jobs: int, keep: Path | None = None) -> Tally:
    """Check, explain and, where asked, fix files in worker processes. An interrupt ends it early.

    What comes of each is added to ``keep``, and what is there is counted.
    """
    tally = Tally()
    for one in kept(keep):
        tally.add(one)
    with ThreadPoolExecutor(jobs) as threads, suppress(KeyboardInterrupt):
        while loads := [load for _ in range(jobs) if (load := list(islice(paths, LOAD)))]:
            for found in threads.map(lambda load: list(_outcomes(load, release, fixing)), loads):
                for one in found:
                    tally.add(one)
                _keep(keep, found)
            print(f"{tally.files} files, {len(tally.failures)} failures", file=sys.stderr, flush=True)
    return tally


def _keep(keep: Path | None, found: Sequence[dict[str, Any]]) -> None:
    if keep is not None:
        with keep.open("a", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(one)}\n" for one in found)


def _outcomes(load: Sequence[Path], release: str, fixing: bool) -> Iterator[dict[str, Any]]:
    left = list(load)
    while left:
        done = subprocess.run(
            [sys.executable, "-m", "tests.lab.reliability.worker", release, "fix" if fixing else "check"],
            input="".join(f"{json.dumps(str(path))}\n" for path in left),
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            start_new_session=True,  # an interrupt is for this process, which counts what there is
        )
        found = [json.loads(line) for line in done.stdout.splitlines()]
        yield from found
        left = left[len(found) :]
        if left:
            yield _death(left.pop(0), done.returncode)


def _death(path: Path, code: int) -> dict[str, Any]:
    if code == -signal.SIGPROF:
        return {"path": str(path), "too_slow": True}
    return {"path": str(path), "crashes": [f"the process ended with {code}"]}
