"""What git ignores: by the `.gitignore` files of a repository and its `.git/info/exclude`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.python.disk import read_file

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class GitIgnore:
    """The patterns of the repositories that files are in, each file of patterns read once."""

    def __init__(self) -> None:
        self._roots: dict[Path, Path | None] = {}
        self._specs: dict[Path, list[GitIgnoreSpec]] = {}

    def has_patterns(self, folder: Path) -> bool:
        """Whether there are patterns for what is in a folder, a real path."""
        root = self._root(folder)
        if root is None:
            return False
        around = (folder, *folder.parents)
        return any(self._of(one, root) for one in around[: around.index(root) + 1])

    def ignores(self, path: Path, is_folder: bool) -> bool:
        """Whether a file or folder is ignored. The path is real; the nearest pattern about it counts.

        What lies in an ignored folder is ignored by that folder.
        """
        root = self._root(path.parent)
        if root is None:
            return False
        for around in path.parents:
            name = path.relative_to(around).as_posix()
            for spec in self._of(around, root):
                included = spec.check_file(f"{name}/" if is_folder else name).include
                if included is not None:
                    return included
            if around == root:
                break
        return False

    def _root(self, folder: Path) -> Path | None:
        """Return the root of the repository that a folder is in."""
        if folder not in self._roots:
            if (folder / ".git").exists():
                self._roots[folder] = folder
            else:
                self._roots[folder] = None if folder.parent == folder else self._root(folder.parent)
        return self._roots[folder]

    def _of(self, folder: Path, root: Path) -> list[GitIgnoreSpec]:
        if folder not in self._specs:
            self._specs[folder] = list(_specs(folder, folder == root))
        return self._specs[folder]


def _specs(folder: Path, is_root: bool) -> Iterator[GitIgnoreSpec]:
    """Yield the patterns that hold from a folder on, those that count first."""
    for path in (folder / ".gitignore", *([folder / ".git" / "info" / "exclude"] if is_root else [])):
        try:
            lines = read_file(str(path)).decode("utf-8", "replace").splitlines()
        except OSError:
            continue
        patterns = [line for line in lines if line.strip() and not line.startswith("#") and _is_quick(line)]
        if patterns:
            yield _compiled(patterns)


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
        return _compiled([pattern for pattern in patterns if _is_pattern(pattern)])


def _is_pattern(pattern: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([pattern])
    except ValueError:
        return False
    return True
