"""Where git's repositories are."""

from __future__ import annotations

import os
from pathlib import Path

Roots = dict[Path, Path | None]


def repository(folder: Path, known: Roots) -> Path | None:
    """Return the root of the git repository that a folder is in; ``known`` keeps what was looked for."""
    if folder not in known:
        if os.path.exists(folder / ".git"):  # noqa: PTH110 - it raises where nobody may look
            known[folder] = folder
        else:
            known[folder] = None if folder.parent == folder else repository(folder.parent, known)
    return known[folder]
