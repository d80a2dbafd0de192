"""What tells the settings and targets of files; a module of its own as making a protocol takes time."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from tie_lint.pipeline.resolver import Resolved
from tie_lint.settings import Settings


class FileResolver(Protocol):
    """Knows the settings and targets of files."""

    def of(self, path: Path) -> Resolved:
        """Return what holds for a file. Raises :class:`UsageError` for settings that make no sense."""

    def settings_of(self, folder: Path) -> Settings:
        """Return the settings of the files in a folder, which is a real path. Raises :class:`UsageError`."""
