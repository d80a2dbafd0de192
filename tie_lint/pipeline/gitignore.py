"""What git ignores: by the `.gitignore` files of a repository and its `.git/info/exclude`."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.pipeline.repository import Roots, repository
from tie_lint.python.disk import read_file

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class GitIgnore:
    """The patterns of the repositories that files are in, each file of patterns read once."""

    def __init__(self) -> None:
        self._roots: Roots = {}
        self._files: dict[Path, list[_PatternFile]] = {}

    def has_patterns(self, folder: Path) -> bool:
        """Return whether there are patterns for what is in a folder, a real path."""
        root = repository(folder, self._roots)
        if root is None:
            return False
        around = (folder, *folder.parents)
        return any(self._of(one, root) for one in around[: around.index(root) + 1])

    def ignores(self, path: Path, is_folder: bool) -> bool:
        """Return whether a file or folder is ignored. The path is real; the nearest pattern about it counts.

        What lies in an ignored folder is ignored by that folder.
        """
        root = repository(path.parent, self._roots)
        if root is None:
            return False
        for around in path.parents:
            for file in self._of(around, root):
                name = path.relative_to(around).as_posix()
                included = file.includes(f"{name}/" if is_folder else name)
                if included is not None:
                    return included
            if around == root:
                break
        return False

    def _of(self, folder: Path, root: Path) -> list[_PatternFile]:
        """Return the patterns that hold from a folder on, those that count first."""
        if folder not in self._files:
            own = [folder / ".git" / "info" / "exclude"] if folder == root else []
            paths = [folder / ".gitignore", *own]
            self._files[folder] = [file for file in map(_PatternFile.read, paths) if file is not None]
        return self._files[folder]


class _PatternFile:
    """The patterns in one file. They are compiled only for names that one of them may match."""

    def __init__(self, patterns: list[str]) -> None:
        self._patterns = patterns
        self._pieces = [_pieces(pattern) for pattern in patterns]

    @classmethod
    def read(cls, path: Path) -> _PatternFile | None:
        """Read a file; None where there is none, or no pattern in it."""
        try:
            lines = read_file(str(path)).decode("utf-8", "replace").splitlines()
        except OSError:
            return None
        written = (line for line in lines if line.strip() and not line.startswith("#"))
        patterns = [pattern for pattern in written if _is_quick(pattern)]
        return cls(patterns) if patterns else None

    def includes(self, name: str) -> bool | None:
        """Return whether a name is ignored, or is expressly not; None where nothing is said of it."""
        if not any(all(piece in name for piece in pieces) for pieces in self._pieces):
            return None
        return self._spec.check_file(name).include

    @cached_property
    def _spec(self) -> GitIgnoreSpec:
        return _compiled(self._patterns)


def _pieces(pattern: str) -> list[str]:
    """What is in every name that a pattern matches: its parts without signs of patterns."""
    plain = pattern.strip().removeprefix("!").partition("[")[0]
    return [piece for piece in re.split(r"\*+|\?|\\.|/", plain) if piece]


MOST_STARS = 5
"""How many stars a pattern may have: matching takes a power of a name's length, and names may be long."""


def _is_quick(pattern: str) -> bool:
    return len(re.findall(r"\*+", pattern)) <= MOST_STARS


def _compiled(patterns: list[str]) -> GitIgnoreSpec:
    """Return what the patterns match; git, too, passes over what is none."""
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError:
        return GitIgnoreSpec.from_lines(filter(_is_pattern, patterns))


def _is_pattern(pattern: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([pattern])
    except ValueError:
        return False
    return True
