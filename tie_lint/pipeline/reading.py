"""Reading the files that are checked: the name of a file says which kind of document it is."""

from __future__ import annotations

import os
from pathlib import Path

from tie_lint.pipeline.document import Document
from tie_lint.python.disk import Disk

NOTEBOOK = ".ipynb"
SUFFIXES = (".py", NOTEBOOK)
"""How the names of files end that hold source code."""


def read_document(path: Path, disk: Disk, shown: str | None = None) -> Document:
    """Return the document of a file, also of one that cannot be read: then its data and text raise.

    ``shown`` is the path that its findings have.
    """
    data: bytes | OSError
    try:
        data = disk.read(str(path.absolute()))
    except OSError as error:
        data = error
    return document_of(path, os.path.normpath(path) if shown is None else shown, data)


def document_of(path: Path, shown: str, data: bytes | OSError) -> Document:
    """Return the document that a file with those bytes is."""
    if path.suffix != NOTEBOOK:
        return Document(path, shown, data)
    from tie_lint.pipeline.notebook import NotebookDocument

    return NotebookDocument(path, shown, data)
