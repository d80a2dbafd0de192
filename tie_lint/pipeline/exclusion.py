"""Which files are left out: by the patterns of their settings and of the command line, and by git."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tie_lint.pipeline.gitignore import GitIgnore
from tie_lint.pipeline.globs import Match, Patterns
from tie_lint.python.disk import is_folder
from tie_lint.settings import Settings

if TYPE_CHECKING:
    from tie_lint.pipeline.file_resolver import FileResolver


class Exclusion:
    """What is left out of a run."""

    def __init__(self, resolver: FileResolver) -> None:
        self._resolver = resolver
        self._git = GitIgnore()
        self._patterns: dict[int, tuple[Settings, list[Patterns]]] = {}

    def match(self, path: Path) -> bool:
        """Return whether the settings leave a file or folder out, wherever it comes from."""
        leaves_out = self.inside(Path(os.path.realpath(path.parent)), of_git=False)
        return leaves_out is not None and leaves_out(path.name, is_folder(path))

    def inside(self, real: Path, of_git: bool) -> Match | None:
        """Return what says of the names in a folder, a real path, whether they are left out, if any can be.

        ``of_git`` says whether git's word counts. A link is left out by its own name or by what it leads to.
        """
        settings = self._resolver.settings_of(real)
        patterns = self._of(settings)
        git = self._git.inside(real) if of_git and settings.respect_gitignore else None
        if not patterns:
            return git
        inside = [match for match in (one.inside(real) for one in patterns) if match is not None]

        def leaves_out(name: str, is_folder: bool) -> bool:
            if any(match(name, is_folder) for match in inside):
                return True
            path = real / name
            if path.is_symlink() and any(one.match(path) for one in patterns):
                return True
            return git is not None and git(name, is_folder)

        return leaves_out

    def match_named(self, path: Path) -> bool:
        """Return whether a path that was named is left out: where the settings say so of named ones, too."""
        real = Path(os.path.realpath(path))
        settings = self._resolver.settings_of(real if is_folder(real) else real.parent)
        patterns = self._of(settings)  # also where they are not asked: what is no pattern is told
        return settings.force_exclude and any(one.match(real) for one in patterns)

    def ignored_by_git(self, path: Path) -> bool:
        """Return whether git ignores a file or folder."""
        real = Path(os.path.realpath(path))
        return self._git.ignores(real, is_folder(real))

    def _of(self, settings: Settings) -> list[Patterns]:
        if id(settings) not in self._patterns:
            parts = (
                (settings.exclude, settings.root_of("exclude"), settings.where("exclude")),
                (
                    settings.extend_exclude,
                    settings.root_of("extend_exclude"),
                    settings.where("extend_exclude"),
                ),
                (settings.exclude_here, Path.cwd(), "--exclude"),
            )
            self._patterns[id(settings)] = settings, [Patterns(*part) for part in parts if part[0]]
        return self._patterns[id(settings)][1]
