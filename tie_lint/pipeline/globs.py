"""Path patterns of the settings, written as in .gitignore."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.errors import UsageError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Patterns:
    """Patterns that hold below one directory."""

    def __init__(self, patterns: Iterable[str], root: Path, key: str = "exclude") -> None:
        """``key`` is the setting that they are from. Raises :class:`UsageError` for what is no pattern."""
        patterns = list(patterns)
        self._spec = _compiled(patterns, key) if patterns else None
        self._root = Path(os.path.realpath(root))

    def match(self, path: Path) -> bool:
        """Return whether a file, or a directory with all in it, matches. Nothing outside the root does."""
        if self._spec is None:
            return False
        where = Path(os.path.realpath(path))
        if not where.is_relative_to(self._root):
            return False
        relative = where.relative_to(self._root).as_posix()
        return self._spec.match_file(f"{relative}/" if where.is_dir() else relative)


def _compiled(patterns: list[str], key: str) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError as error:
        raise UsageError(f"{key}: {error}") from error
