"""Where git's repositories are."""

from __future__ import annotations

import os

from tie_lint.python.disk import below, folder_of

Roots = dict[str, str | None]


def repository(folder: str, known: Roots) -> str | None:
    """Return the root of the git repository that a folder is in; ``known`` keeps what was looked for."""
    if folder not in known:
        if os.path.exists(below(folder, ".git")):  # noqa: PTH110 - it raises where nobody may look
            known[folder] = folder
        else:
            around = folder_of(folder)
            known[folder] = None if around == folder else repository(around, known)
    return known[folder]
