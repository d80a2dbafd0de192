"""The files that paths on the command line stand for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from tie_lint.errors import UsageError
from tie_lint.pipeline.globs import Patterns
from tie_lint.python.disk import below

CONFIG, ADAPTER = "config.json", "adapter_config.json"
SKIPPED = frozenset(
    {"__pycache__", "__pypackages__", "_build", "buck-out", "build", "dist", "node_modules", "site-packages"}
    | {"venv"}
)
"""Directories never entered from above, like all whose name starts with a dot; naming one enters it."""


def python_files(
    paths: Iterable[Path], exclude: Patterns, warnings: list[str]
) -> Iterator[tuple[Path, bool]]:
    """Every file once, in order, and whether it was named itself.

    A named file is taken whatever its name and the patterns say; below a directory every ``*.py`` is
    that neither the patterns nor :data:`SKIPPED` rule out. Adds directories that cannot be looked into to
    ``warnings``. Raises :class:`UsageError` for a missing path.
    """
    seen: set[str] = set()
    real_folders: dict[Path, str] = {}
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 - it raises for a name that is too long
            raise UsageError(f"{path}: no such file or directory")
        for found in _below(path, exclude, warnings) if path.is_dir() else _named(path):
            if (real := _real(found, real_folders)) not in seen:
                seen.add(real)
                yield found, found is path


def config_files(paths: Iterable[Path], exclude: Patterns) -> Iterator[Path]:
    """Every config.json and adapter_config.json, once: those that are named, and those below what is."""
    seen: set[str] = set()
    for path in paths:
        for found in _below(path, exclude, [], CONFIG) if path.is_dir() else (path,):
            real = os.path.join(os.path.realpath(found.parent), found.name)  # noqa: PTH118
            if found.name in (CONFIG, ADAPTER) and real not in seen:
                seen.add(real)
                yield found


def _named(path: Path) -> tuple[Path, ...]:
    """A named file, unless it stands for its folder."""
    return () if path.name in (CONFIG, ADAPTER) else (path,)


def _real(path: Path, folders: dict[Path, str]) -> str:
    """The path without symbolic links. ``folders`` keeps those of folders, which files have in common."""
    if path.is_symlink():
        return os.path.realpath(path)
    if path.parent not in folders:
        folders[path.parent] = os.path.realpath(path.parent)
    return below(folders[path.parent], path.name)


def _below(directory: Path, exclude: Patterns, warnings: list[str], ending: str = ".py") -> Iterator[Path]:
    def failed(error: OSError) -> None:
        warnings.append(f"{error.filename}: not looked into, {error.strerror}")

    for root, directories, files in os.walk(directory, onerror=failed):
        here = Path(root)
        directories[:] = sorted(
            name
            for name in directories
            if not name.startswith(".") and name not in SKIPPED and not exclude.match(here / name)
        )
        for name in sorted(files):
            if name.endswith(ending) and not exclude.match(here / name):
                yield here / name
