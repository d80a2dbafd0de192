"""Which files are left out: by the patterns of their settings and of the command line, and by git."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.pipeline.gitignore import GitIgnore
from tie_lint.pipeline.globs import Patterns
from tie_lint.settings import Settings

if TYPE_CHECKING:
    from tie_lint.pipeline.file_resolver import FileResolver


class Exclusion:
    """What is left out of a run."""

    def __init__(self, resolver: FileResolver) -> None:
        self._resolver = resolver
        self._git = GitIgnore()
        self._real: dict[Path, Path] = {}
        self._patterns: dict[int, tuple[Settings, list[Patterns]]] = {}

    def match(self, path: Path, of_git: bool = True) -> bool:
        """Whether a file or folder that was found is left out. ``of_git`` says whether git's word counts."""
        if path.parent not in self._real:
            self._real[path.parent] = Path(os.path.realpath(path.parent))
        real = self._real[path.parent] / path.name
        settings = self._resolver.settings_of(real.parent)
        if any(patterns.match(real) for patterns in self._of(settings)):
            return True
        return of_git and settings.respect_gitignore and self.ignored_by_git(real)

    def match_named(self, path: Path) -> bool:
        """Whether a path that was named is left out: where the settings say so of named ones, too."""
        real = Path(os.path.realpath(path))
        settings = self._resolver.settings_of(real if real.is_dir() else real.parent)
        patterns = self._of(settings)  # also where they are not asked: what is no pattern is told
        return settings.force_exclude and any(one.match(real) for one in patterns)

    def ignored_by_git(self, path: Path) -> bool:
        """Whether git ignores a file or folder."""
        real = Path(os.path.realpath(path))
        return self._git.ignores(real, real.is_dir())

    def _of(self, settings: Settings) -> list[Patterns]:
        if id(settings) not in self._patterns:
            parts = (
                (settings.exclude, settings.root, settings.where("exclude")),
                (settings.extend_exclude, settings.root, settings.where("extend_exclude")),
                (settings.exclude_here, Path.cwd(), "--exclude"),
            )
            self._patterns[id(settings)] = settings, [Patterns(*part) for part in parts if part[0]]
        return self._patterns[id(settings)][1]
