"""Paths as services know them: from the root of the repository."""

from __future__ import annotations

import os
from pathlib import Path

from tie_lint.pipeline.repository import Roots
from tie_lint.pipeline.repository import repository as repository_of

_KNOWN: Roots = {}


def in_repository(path: str) -> str:
    """Return a path from the root of its git repository, with "/"; from here where it is in none."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - links stay as they are named
    root = repository(absolute.parent)
    return Path(os.path.relpath(absolute, root or Path.cwd())).as_posix()


def repository(folder: Path) -> Path | None:
    """Return the root of the git repository that a folder is in."""
    root = repository_of(str(folder), _KNOWN)
    return None if root is None else Path(root)
