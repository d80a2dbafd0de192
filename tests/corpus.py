"""The library's own source, release by release: downloaded once by pip, unpacked, never installed."""

from __future__ import annotations

import functools
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import platformdirs

CACHE = Path(platformdirs.user_cache_dir("tie-lint-tests"))


@functools.cache
def sources(release: str) -> Path:
    """The folder that holds the package ``transformers`` of that release, its Python files only."""
    folder = CACHE / f"transformers-{release}"
    if not folder.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            unpacked = Path(scratch) / "unpacked"
            with zipfile.ZipFile(_download(release, scratch)) as wheel:
                wheel.extractall(unpacked, [name for name in wheel.namelist() if name.endswith(".py")])
            try:
                unpacked.rename(folder)
            except OSError:  # another process of the test run was first
                if not folder.is_dir():
                    raise
    return folder


def _download(release: str, folder: str) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    subprocess.run([*command, "--dest", folder, f"transformers=={release}"], check=True)
    return next(Path(folder).glob("*.whl"))
