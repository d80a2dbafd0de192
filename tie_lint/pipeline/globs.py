"""Path patterns of the settings, written as in .gitignore."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.errors import UsageError
from tie_lint.python.disk import is_folder

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


Match = Callable[[str, bool], bool]
"""Is given a name, and whether it is that of a folder."""


class Patterns:
    """Patterns that hold below one directory."""

    def __init__(self, patterns: Iterable[str], root: Path, key: str = "exclude") -> None:
        """``key`` is the setting that they are from. Raises :class:`UsageError` for what is no pattern."""
        patterns = list(patterns)
        self._spec = _compiled(patterns, key) if patterns else None
        self._root = Path(os.path.realpath(root))

    def match(self, path: Path) -> bool:
        """Return whether a file, or a directory with all in it, matches. Nothing outside the root does."""
        where = Path(os.path.realpath(path))
        match = self.inside(where.parent)
        return match is not None and match(where.name, is_folder(where))

    def inside(self, folder: Path) -> Match | None:
        """Return what says of the names in a folder, a real path, whether they match, if one may."""
        spec = self._spec
        if spec is None or not folder.is_relative_to(self._root):
            return None
        below = prefix(folder, self._root)
        return lambda name, is_folder: spec.match_file(f"{below}{name}{'/' if is_folder else ''}")


def prefix(folder: Path, root: Path) -> str:
    """Return what stands before the names in a folder, as patterns of a folder around it see them."""
    relative = folder.relative_to(root).as_posix()
    return "" if relative == "." else f"{relative}/"


def _compiled(patterns: list[str], key: str) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError as error:
        raise UsageError(f"{key}: {error}") from error
