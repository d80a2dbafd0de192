"""Replacing a file's text: whole or not at all, with all else that belongs to the file kept."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tie_lint.pipeline.document import Document

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
"""A file that nobody may write is meant to stay as it is: root, too, leaves it alone."""

_SCRATCH = ".tie-lint-"
"""Part of the names of the files that new texts are written to before they take the place of the old ones."""


class NotWrittenError(Exception):
    """A file that was left as it is. The text says why, for the user."""


def encoded(document: Document, new: str) -> bytes:
    """Return a new text in the encoding of the old one. Raises :class:`NotWrittenError`."""
    try:
        if document.with_text(document.text).data == document.data:
            return document.with_text(new).data
    except UnicodeEncodeError as error:
        raise NotWrittenError(f"the new text cannot be written as {document.encoding}") from error
    except ValueError as error:
        raise NotWrittenError(str(error)) from error
    raise NotWrittenError("other bytes would change")


def replace(path: Path, before: bytes, after: bytes) -> None:
    """Put ``after`` in the place of ``before``.

    Whoever reads the file sees one or the other. A symbolic link stays one; owner, permissions and extended
    attributes are kept. Raises :class:`NotWrittenError` where that is not possible, where the file has other
    names (hard links), cannot be written or no longer holds ``before``.
    """
    real = Path(os.path.realpath(path))
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{real.name}{_SCRATCH}", dir=real.parent)
    except OSError as error:
        raise NotWrittenError(error.strerror or str(error)) from error
    scratch = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            _lock(stream.fileno())
            stream.write(after)
            stream.flush()
            os.fsync(stream.fileno())
            _keep_what_belongs_to_it(real, scratch)
            if real.read_bytes() != before:
                raise NotWrittenError("it was changed by something else meanwhile")
            if not (os.access(real, os.W_OK) and real.stat().st_mode & _WRITABLE):
                raise NotWrittenError("it is read-only")
            if os.name == "posix":
                scratch.replace(real)
        if os.name != "posix":
            scratch.replace(real)
    except OSError as error:
        raise NotWrittenError(error.strerror or str(error)) from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            scratch.unlink()


def remove_scratch(folders: Iterable[str]) -> None:
    """Remove what runs that were killed while they wrote have left behind in some folders."""
    for folder in folders:
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            left = [entry.path for entry in entries if entry.name.startswith(".") and _SCRATCH in entry.name]
            for path in left:
                _remove_unlocked(path)


def _remove_unlocked(path: str) -> None:
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        try:
            _lock(descriptor)
            Path(path).unlink()
        finally:
            os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Lock a file for as long as it is open here. Raises ``OSError`` where another process has it locked."""
    try:
        import fcntl
    except ImportError:  # Windows, where nobody can remove what another has open
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _keep_what_belongs_to_it(real: Path, scratch: Path) -> None:
    """Give the new file the owner, permissions and extended attributes, which ACLs are, of the old one."""
    old, new = real.stat(), scratch.stat()
    if old.st_nlink > 1:
        raise NotWrittenError("it has other names (hard links), which would keep the old text")
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        try:
            os.chown(scratch, old.st_uid, old.st_gid)
        except OSError as error:
            raise NotWrittenError("its owner cannot be kept") from error
    scratch.chmod(stat.S_IMODE(old.st_mode))
    if stat.S_IMODE(scratch.stat().st_mode) != stat.S_IMODE(old.st_mode):
        raise NotWrittenError("its permissions cannot be kept")
    if hasattr(os, "listxattr"):
        try:
            _copy_attributes(real, scratch)
        except OSError as error:
            raise NotWrittenError("its extended attributes cannot be kept") from error


def _copy_attributes(real: Path, scratch: Path) -> None:
    for name in os.listxattr(real):
        value = os.getxattr(real, name)
        if name not in os.listxattr(scratch) or os.getxattr(scratch, name) != value:
            os.setxattr(scratch, name, value)
