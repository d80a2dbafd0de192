"""The same files, checked in every way that must make no difference."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def digests(folder: Path, names: Sequence[str], release: str) -> dict[str, str]:
    """Return the digest of what is printed, by how it was asked for."""
    cache = ["--cache-dir", str(folder / "cache")]
    ways = {
        "one process": (["--no-cache", "--jobs", "1"], names, "0"),
        "two processes": (["--no-cache", "--jobs", "2"], names, "0"),
        "three processes": (["--no-cache", "--jobs", "3"], names, "0"),
        "the other way round": (["--no-cache", "--jobs", "1"], names[::-1], "0"),
        "another hash seed": (["--no-cache", "--jobs", "1"], names, "1"),
        "a third hash seed": (["--no-cache", "--jobs", "2"], names, "4711"),
        "an empty cache": ([*cache, "--jobs", "1"], names, "0"),
        "a full cache": ([*cache, "--jobs", "2"], names, "2"),
    }
    return {way: _digest(folder, [*how, *paths], release, seed) for way, (how, paths, seed) in ways.items()}


def _digest(folder: Path, arguments: Sequence[str], release: str, seed: str) -> str:
    how = ["--isolated", "--transformers", release, "--output-format", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "tie_lint", "check", *arguments, *how],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
    )
    return hashlib.sha256(done.stdout).hexdigest()
