"""The files that paths on the command line stand for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tie_lint.errors import UsageError
from tie_lint.pipeline.exclusion import Exclusion
from tie_lint.pipeline.globs import Match
from tie_lint.pipeline.reading import SUFFIXES
from tie_lint.python.disk import below, is_folder
from tie_lint.record import NamedTuple

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


def find_files(
    paths: Iterable[Path],
    exclusion: Exclusion,
    warnings: list[str],
    passes_over: Callable[[str, str], bool] = lambda path, folder: False,
) -> Found:
    """Find the files that paths stand for, in one walk of each directory.

    A named file is taken whatever its name, unless the settings exclude named ones, too; below a directory
    every source file and every config is that neither they nor git nor :data:`SKIPPED` rule out, but source
    files that ``passes_over`` does not want: it is given the path, and the real path of the folder. Adds to
    ``warnings`` the directories that cannot be looked into.
    Raises :class:`UsageError` for a missing path.
    """
    found = Found([], [])
    seen: set[str] = set()
    folders: dict[str, str] = {}
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 - it raises for a name that is too long
            raise UsageError(f"{path}: no such file or directory")
        if exclusion.match_named(path):
            continue
        named = not is_folder(path)
        if named:
            entries = iter([(str(path), path.name, _real(path, folders), "")])
        else:
            entries = _below(path, exclusion, warnings)
        # Most of what a large tree holds is passed over: no path is made of it.
        for file, name, real, folder in entries:
            if real in seen:
                continue
            seen.add(real)
            if name in CONFIGS:
                found.configs.append(Path(file))
            elif named or not passes_over(file, folder):
                found.sources.append((path if named else Path(file), named))
    return found


def _real(path: Path, folders: dict[str, str]) -> str:
    """Return the path without links, but that a config is: in the Hub's cache it leads to a blob.

    ``folders`` keeps those of folders, which named files have in common.
    """
    if path.name not in CONFIGS and path.is_symlink():
        return os.path.realpath(path)
    folder = os.path.dirname(path)  # noqa: PTH120 - a pre-commit run names thousands
    if folder not in folders:
        folders[folder] = os.path.realpath(folder)
    return below(folders[folder], path.name)


def _below(directory: Path, exclusion: Exclusion, warnings: list[str]) -> Iterator[Entry]:
    """Yield the files below a directory that are not left out."""
    of_git = not exclusion.ignored_by_git(directory)  # whoever names what git ignores wants to see it
    return files_below(str(directory), lambda folder: exclusion.inside(Path(folder), of_git), warnings)


Entry = tuple[str, str, str, str]
"""Path, name and real path of a file, and the real path of its folder."""


def files_below(
    directory: str, inside: Callable[[str], Match | None], warnings: list[str]
) -> Iterator[Entry]:
    """Yield the source files and configs below a directory. Those of a folder come before deeper ones.

    ``inside`` is given the real path of each folder that is looked into, and says what is left out there.
    """
    waiting = [(directory, os.path.realpath(directory))]
    while waiting:
        folder, real_folder = waiting.pop()
        leaves_out = inside(real_folder)
        try:
            with os.scandir(folder) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError as error:
            warnings.append(f"{error.filename}: not looked into, {error.strerror}")
            continue
        deeper: list[tuple[str, str]] = []
        for entry in entries:
            name, is_dir = entry.name, _is_folder(entry)
            if not (_is_entered(entry) if is_dir else name.endswith(SUFFIXES) or name in CONFIGS):
                continue
            if leaves_out and leaves_out(name, is_dir):
                continue
            if is_dir:
                deeper.append((entry.path, os.path.join(real_folder, name)))  # noqa: PTH118
            else:
                followed = entry.is_symlink() and name not in CONFIGS
                real = os.path.realpath(entry) if followed else below(real_folder, name)
                yield entry.path, name, real, real_folder
        waiting += reversed(deeper)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_entered(entry: os.DirEntry[str]) -> bool:
    """Return whether to look into a folder that nobody named; links to folders are not followed."""
    return not (entry.name.startswith(".") or entry.name in SKIPPED or entry.is_symlink())
