"""Which settings and which targets a file has: those of the nearest settings file and requirement.

They belong to the file: a run over all files, one over some of them, and an editor that has one say the same.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tie_lint.library.target import TargetFinder, Targets, find_targets
from tie_lint.pipeline.configuration import load, settings_file
from tie_lint.record import NamedTuple
from tie_lint.settings import Settings, override

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Resolved(NamedTuple):
    """The settings and targets of a file; as a resolver, those of all files."""

    settings: Settings
    targets: Targets

    def of(self, path: Path) -> Resolved:
        """Return what holds for a file."""
        return self

    def settings_of(self, folder: Path) -> Settings:
        """Return the settings of the files in a folder."""
        return self.settings


class Resolver:
    """Finds the settings and targets of files; looks at each folder once.

    What is the same for several files is one object.
    """

    def __init__(
        self,
        file: Path | None = None,
        isolated: bool = False,
        given: Mapping[str, Any] = NOTHING,
        origins: Mapping[str, str] = NOTHING,
    ) -> None:
        """``file`` is the only settings file, if given; isolated means none.

        ``given`` are settings that override those of files, None for none; ``origins`` says where from.
        """
        self._file, self._isolated, self._given, self._origins = file, isolated, given, origins
        self._finder = TargetFinder()
        self._of_folders: dict[Path, Resolved] = {}
        self._settings: dict[Path, Settings] = {}
        self._loaded: dict[Path | None, Settings] = {}
        self._asked: dict[tuple[str, str], Targets] = {}
        self._around: dict[Path, Targets] = {}
        self._resolved: dict[tuple[int, Targets], Resolved] = {}

    def of(self, path: Path) -> Resolved:
        """Return what holds for a file. Raises :class:`UsageError` for settings that make no sense."""
        known = self._of_folders.get(path.parent)
        if known is not None:
            return known
        folder = Path(os.path.realpath(path.parent))
        settings = self.settings_of(folder)
        targets = self._targets(settings, folder / path.name)
        key = id(settings), targets
        if key not in self._resolved:
            self._resolved[key] = Resolved(settings, targets)
        if not settings.per_file_transformers:
            self._of_folders[path.parent] = self._resolved[key]
        return self._resolved[key]

    def settings_of(self, folder: Path) -> Settings:
        """Return the settings of the files in a folder, which is a real path. Raises :class:`UsageError`."""
        if self._file or self._isolated:
            return self._load(self._file)
        if folder not in self._settings:
            found = settings_file(folder)
            if found is None and folder.parent != folder:
                self._settings[folder] = self.settings_of(folder.parent)
            else:
                self._settings[folder] = self._load(found)
        return self._settings[folder]

    def _load(self, file: Path | None) -> Settings:
        if file not in self._loaded:
            settings = Settings(Path.cwd()) if file is None else load(file)
            self._loaded[file] = override(settings, self._given, self._origins)
        return self._loaded[file]

    def _targets(self, settings: Settings, path: Path) -> Targets:
        asked, key = settings.transformers, "transformers"
        if settings.per_file_transformers:
            from tie_lint.pipeline.globs import Patterns

            for pattern, release in settings.per_file_transformers.items():
                root = settings.root_of("per_file_transformers")
                if Patterns([pattern], root, settings.where("per_file_transformers")).match(path):
                    asked, key = release, "per_file_transformers"
                    break
        if asked is not None:
            by = settings.where(key)
            if (asked, by) not in self._asked:
                targets = find_targets(asked, path.parent, by)
                self._asked[asked, by] = targets._replace(source=settings.origin(key))
            return self._asked[asked, by]
        if path.parent not in self._around:
            self._around[path.parent] = self._finder.around(path.parent)
        return self._around[path.parent]
