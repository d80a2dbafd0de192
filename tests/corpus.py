"""Others' source as released, the library's first: downloaded once by pip, unpacked, never installed."""

from __future__ import annotations

import functools
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import platformdirs

CACHE = Path(platformdirs.user_cache_dir("tie-lint-tests"))


@functools.cache
def sources(release: str) -> Path:
    """The folder that holds the package ``transformers`` of that release, its Python files only."""
    return unpacked(f"transformers-{release}", [f"transformers=={release}"])


def unpacked(name: str, requirements: Sequence[str], *options: str) -> Path:
    """The folder of that name in the cache, filled with the Python files of the wheels that are required."""
    folder = CACHE / name
    if not folder.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            contents = Path(scratch) / "unpacked"
            contents.mkdir()
            for file in _download(requirements, options, scratch):
                with zipfile.ZipFile(file) as wheel:
                    wheel.extractall(contents, [name for name in wheel.namelist() if _is_read(name)])
            try:
                contents.rename(folder)
            except OSError:  # another process of the test run was first
                if not folder.is_dir():
                    raise
    return folder


def _download(requirements: Sequence[str], options: Sequence[str], folder: str) -> list[Path]:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    subprocess.run([*command, *options, "--dest", folder, *requirements], check=True)
    return sorted(Path(folder).glob("*.whl"))


def _is_read(name: str) -> bool:
    """Whether a file of a wheel is needed: code, and the version that a package may ask for when imported."""
    return name.endswith((".py", ".dist-info/METADATA"))
