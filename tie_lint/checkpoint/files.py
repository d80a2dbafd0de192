"""Opening the files of a model's folder: plain ones only, and none that a link takes out of it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from tie_lint.checkpoint.errors import CheckpointError


def open_plain(path: Path) -> BinaryIO:
    """Open a plain file to read its bytes. Raises ``CheckpointError`` for anything else."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise CheckpointError(path, "is no plain file")
        return path.open("rb")
    except (OSError, ValueError) as error:
        raise CheckpointError(path, f"cannot be opened: {_reason(error)}") from error


def member(folder: Path, name: object, named_in: Path) -> Path:
    """Return the file that an index names. Raises ``CheckpointError`` where the name leads out of the folder.

    Links may lead to the blobs of a cache as ``huggingface_hub`` lays it out, beside the folder's snapshots.
    """
    if not isinstance(name, str) or not _can_be_called(name):
        raise CheckpointError(named_in, f"names a file {str(name)[:200]!r}, which no file can be called")
    path = folder / name
    home = folder.parent.parent if folder.parent.name == "snapshots" else folder
    if not _is_below(path, home):
        raise CheckpointError(path, "is outside the model's folder")
    return path


def _can_be_called(name: str) -> bool:
    """Whether a file can have a name."""
    try:
        return bool(os.fsencode(name)) and "\0" not in name
    except UnicodeEncodeError:
        return False


def _is_below(path: Path, folder: Path) -> bool:
    real, home = os.path.realpath(path), os.path.realpath(folder)
    return os.path.commonpath([real, home]) == home


def _reason(error: OSError | ValueError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
