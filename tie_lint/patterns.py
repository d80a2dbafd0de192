"""Path patterns of the settings, written as in .gitignore."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pathspec import GitIgnoreSpec


class Patterns:
    """Patterns that hold below one directory."""

    def __init__(self, patterns: Iterable[str], root: Path) -> None:
        self._spec = GitIgnoreSpec.from_lines(patterns)
        self._root = root.resolve()

    def match(self, path: Path) -> bool:
        """Whether a file, or a directory with all in it, matches. Nothing outside the root does."""
        where = path.resolve()
        if not where.is_relative_to(self._root):
            return False
        relative = where.relative_to(self._root).as_posix()
        return self._spec.match_file(f"{relative}/" if where.is_dir() else relative)
