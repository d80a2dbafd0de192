"""What git ignores: by the `.gitignore` files of a repository and its `.git/info/exclude`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.pipeline.globs import Match, prefix
from tie_lint.pipeline.repository import Roots, repository
from tie_lint.python.disk import read_file

if TYPE_CHECKING:
    from pathspec.pattern import RegexPattern


class GitIgnore:
    """The patterns of the repositories that files are in, each file of patterns read once."""

    def __init__(self) -> None:
        self._roots: Roots = {}
        self._files: dict[Path, list[_PatternFile]] = {}

    def ignores(self, path: Path, is_folder: bool) -> bool:
        """Return whether a file or folder is ignored, or one that it is in. The path is real."""
        found = repository(str(path.parent), self._roots)
        if found is None or found == str(path):
            return False
        root = Path(found)
        folder, *names = root, *path.relative_to(root).parts
        for name in names:
            match = self.inside(folder)
            if match is not None and match(name, is_folder or folder / name != path):
                return True
            folder /= name
        return False

    def inside(self, folder: Path) -> Match | None:
        """Return what says of the names in a folder, a real path, whether git ignores them, if any can be.

        The nearest pattern about a name counts. What lies in an ignored folder is not asked about.
        """
        found = repository(str(folder), self._roots)
        if found is None:
            return None
        root = Path(found)
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
        self._rules: dict[int, RegexPattern | None] = {}

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
        for number in reversed(range(len(self._patterns))):
            if all(piece in name for piece in self._pieces[number]):  # else it cannot match
                rule = self._rule(number)
                # What ends so is about all that is in a folder, and not about that.
                inside = self._patterns[number].rstrip().endswith("/**")
                if rule is not None and _matches(rule, name.removesuffix("/") if inside else name):
                    return rule.include
        return None

    def _rule(self, number: int) -> RegexPattern | None:
        if number not in self._rules:
            self._rules[number] = _compiled(self._patterns[number])
        return self._rules[number]


def _pieces(pattern: str) -> list[str]:
    """What is in every name that a pattern matches: its parts without signs of patterns."""
    plain = pattern.strip().removeprefix("!").partition("[")[0]
    return [piece for piece in re.split(r"\*+|\?|\\.|/", plain) if piece]


MOST_STARS = 5
"""How many stars a pattern may have: matching takes a power of a name's length, and names may be long."""


def _is_quick(pattern: str) -> bool:
    return len(re.findall(r"\*+", pattern)) <= MOST_STARS


def _compiled(pattern: str) -> RegexPattern | None:
    """Return what a pattern matches; git, too, passes over what is none."""
    from pathspec import GitIgnoreSpec

    try:
        return next(iter(GitIgnoreSpec.from_lines([pattern]).patterns), None)
    except ValueError:
        return None


def _matches(rule: RegexPattern, name: str) -> bool:
    """Return whether a pattern is about a name itself: pathspec has it match what is in a folder, too.

    There that would count for more than other patterns about what is in it.
    """
    for match in rule.regex.finditer(name) if rule.regex is not None else ():
        folder_ends = match.end("ps_d") if "ps_d" in match.re.groupindex else -1
        if folder_ends in (-1, len(name)):
            return True
    return False
