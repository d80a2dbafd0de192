"""What git ignores: by the `.gitignore` files of a repository and its `.git/info/exclude`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.pipeline.globs import Match, prefix
from tie_lint.pipeline.repository import Roots, repository
from tie_lint.python.disk import read_file

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


MOST_CHOICES = 50
"""How often some of the patterns of a file are compiled by themselves."""


class GitIgnore:
    """The patterns of the repositories that files are in, each file of patterns read once."""

    def __init__(self) -> None:
        self._roots: Roots = {}
        self._files: dict[Path, list[_PatternFile]] = {}

    def ignores(self, path: Path, is_folder: bool) -> bool:
        """Return whether a file or folder is ignored. The path is real."""
        match = self.inside(path.parent)
        return match is not None and match(path.name, is_folder)

    def inside(self, folder: Path) -> Match | None:
        """Return what says of the names in a folder, a real path, whether git ignores them, if any can be.

        The nearest pattern about a name counts. What lies in an ignored folder is ignored by that folder.
        """
        root = repository(folder, self._roots)
        if root is None:
            return None
        around = (folder, *folder.parents)
        files = [
            (file.includes, prefix(folder, one))
            for one in around[: around.index(root) + 1]
            for file in self._of(one, root)
        ]

        def ignored(name: str, is_folder: bool) -> bool:
            end = "/" if is_folder else ""
            for includes, below in files:
                included = includes(f"{below}{name}{end}")
                if included is not None:
                    return included
            return False

        return ignored if files else None

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
        self._specs: dict[tuple[int, ...], GitIgnoreSpec] = {}

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
        asked = tuple(
            number
            for number, pieces in enumerate(self._pieces)
            if all(piece in name for piece in pieces)  # no other can match
        )
        return self._spec(asked).check_file(name).include if asked else None

    def _spec(self, asked: tuple[int, ...]) -> GitIgnoreSpec:
        """Return some of the patterns, or all where names have asked for too many choices."""
        if len(self._specs) > MOST_CHOICES:
            asked = tuple(range(len(self._patterns)))
        if asked not in self._specs:
            self._specs[asked] = _compiled([self._patterns[number] for number in asked])
        return self._specs[asked]


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
