"""The files that paths on the command line stand for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tie_lint.errors import UsageError
from tie_lint.pipeline.exclusion import Exclusion
from tie_lint.pipeline.reading import SUFFIXES
from tie_lint.python.disk import below

CONFIG, ADAPTER = "config.json", "adapter_config.json"
CONFIGS = (CONFIG, ADAPTER)
SKIPPED = frozenset(
    {"__pycache__", "__pypackages__", "_build", "buck-out", "build", "dist", "node_modules", "site-packages"}
    | {"venv"}
)
"""Directories never entered from above, like all whose name starts with a dot; naming one enters it."""


class Found(NamedTuple):
    """What paths stand for, each file once and in order."""

    sources: list[tuple[Path, bool]]
    """The files to check, and whether each was named itself."""
    configs: list[Path]
    """The config.json and adapter_config.json files, named ones and those below what is."""


def find_files(paths: Iterable[Path], exclusion: Exclusion, warnings: list[str]) -> Found:
    """Find the files that paths stand for, in one walk of each directory.

    A named file is taken whatever its name, unless the settings exclude named ones, too; below a directory
    every source file and every config is that neither they nor git nor :data:`SKIPPED` rule out. Adds to
    ``warnings`` the directories that cannot be looked into. Raises :class:`UsageError` for a missing path.
    """
    found = Found([], [])
    seen: set[str] = set()
    real_folders: dict[Path, str] = {}
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 - it raises for a name that is too long
            raise UsageError(f"{path}: no such file or directory")
        if exclusion.match_named(path):
            continue
        for file in _below(path, exclusion, warnings) if path.is_dir() else (path,):
            is_config = file.name in CONFIGS
            real = _in_real_folder(file, real_folders) if is_config else _real(file, real_folders)
            if real in seen:
                continue
            seen.add(real)
            if is_config:
                found.configs.append(file)
            else:
                found.sources.append((file, file is path))
    return found


def _real(path: Path, folders: dict[Path, str]) -> str:
    """The path without symbolic links. ``folders`` keeps those of folders, which files have in common."""
    if path.is_symlink():
        return os.path.realpath(path)
    return _in_real_folder(path, folders)


def _in_real_folder(path: Path, folders: dict[Path, str]) -> str:
    """The path with the links of its folder followed: a config of the Hub's cache is a link to a blob."""
    if path.parent not in folders:
        folders[path.parent] = os.path.realpath(path.parent)
    return below(folders[path.parent], path.name)


def _below(directory: Path, exclusion: Exclusion, warnings: list[str]) -> Iterator[Path]:
    of_git = not exclusion.ignored_by_git(directory)  # whoever names what git ignores wants to see it

    def failed(error: OSError) -> None:
        warnings.append(f"{error.filename}: not looked into, {error.strerror}")

    for root, directories, files in os.walk(directory, onerror=failed):
        here = Path(root)
        leaves_out = exclusion.inside(here, of_git)
        directories[:] = sorted(
            name
            for name in directories
            if not (name.startswith(".") or name in SKIPPED or (leaves_out and leaves_out(name)))
        )
        for name in sorted(files):
            if (name.endswith(SUFFIXES) or name in CONFIGS) and not (leaves_out and leaves_out(name)):
                yield here / name
