"""What git says has changed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tie_lint.errors import UsageError


def changed_files(base: str, folders: Sequence[Path]) -> frozenset[str]:
    """Return the real paths of files that differ from where this branch left a base, gone ones too.

    That is what is committed since, what is not committed, and what git does not know yet, in the
    repositories of some folders. Raises :class:`UsageError` where git cannot tell.
    """
    if base.startswith("-"):
        raise UsageError(f"--changed: {base!r} is no commit")
    found: set[str] = set()
    for root in {_git(folder, "rev-parse", "--show-toplevel").strip() for folder in folders}:
        start = _start(Path(root), base)
        names = _git(
            Path(root), "diff", "--no-ext-diff", "--name-only", "-z", "--no-renames", start, "--"
        ).split("\0")
        names += _git(Path(root), "ls-files", "--others", "--exclude-standard", "-z").split("\0")
        found |= {os.path.realpath(Path(root, name)) for name in names if name}
    return frozenset(found)


def _start(root: Path, base: str) -> str:
    """Return what to compare with: where this branch left the base.

    That is the base itself where history does not reach back so far, as in the shallow clones of CI services,
    and an empty tree before the first commit.
    """
    if base == "HEAD" and _run(root, "rev-parse", "--verify", "--quiet", base).returncode:
        return _git(root, "hash-object", "-t", "tree", os.devnull).strip()
    found = _run(root, "merge-base", base, "HEAD")
    return base if found.returncode == 1 else _printed(found).strip()


def _git(folder: Path, *arguments: str) -> str:
    return _printed(_run(folder, *arguments))


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git, but no program that the repository names."""
    command = ["git", "-C", str(folder), "-c", "core.fsmonitor=false", *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=False)
    except OSError as error:
        raise UsageError(f"--changed: git cannot be run: {error.strerror}") from error


def _printed(run: subprocess.CompletedProcess[bytes]) -> str:
    if run.returncode:
        said = run.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise UsageError(f"--changed: git says: {said or f'exit code {run.returncode}'}")
    return os.fsdecode(run.stdout)
