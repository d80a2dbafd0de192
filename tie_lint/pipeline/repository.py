"""Where git's repositories are."""

from __future__ import annotations

from pathlib import Path

Roots = dict[Path, Path | None]


def repository(folder: Path, known: Roots) -> Path | None:
    """Return the root of the git repository that a folder is in; ``known`` keeps what was looked for."""
    if folder not in known:
        if (folder / ".git").exists():
            known[folder] = folder
        else:
            known[folder] = None if folder.parent == folder else repository(folder.parent, known)
    return known[folder]
