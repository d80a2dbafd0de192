"""Replacing a file's text: whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from tie_lint.pipeline.document import Document

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
"""A file that nobody may write is meant to stay as it is: root, too, leaves it alone."""


class NotWrittenError(Exception):
    """A file that was left as it is. The text says why, for the user."""


def encoded(document: Document, new: str) -> bytes:
    """Return a new text in the encoding of the old one. Raises :class:`NotWrittenError`."""
    try:
        if document.with_text(document.text).data == document.data:
            return document.with_text(new).data
    except UnicodeEncodeError as error:
        raise NotWrittenError(f"the new text cannot be written as {document.encoding}") from error
    raise NotWrittenError("other bytes would change")


def replace(path: Path, before: bytes, after: bytes) -> None:
    """Put ``after`` in the place of ``before``.

    Whoever reads the file sees one or the other. A symbolic link stays one, permissions are kept. Raises
    :class:`NotWrittenError` where the file cannot be written or no longer holds ``before``.
    """
    real = Path(os.path.realpath(path))
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{real.name}.", dir=real.parent)
    except OSError as error:
        raise NotWrittenError(error.strerror or str(error)) from error
    scratch = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(after)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(real, scratch)
        if real.read_bytes() != before:
            raise NotWrittenError("it was changed by something else meanwhile")
        if not (os.access(real, os.W_OK) and real.stat().st_mode & _WRITABLE):
            raise NotWrittenError("it is read-only")
        scratch.replace(real)
    except OSError as error:
        raise NotWrittenError(error.strerror or str(error)) from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            scratch.unlink()
