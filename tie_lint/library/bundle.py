"""The bundled facts: built anew from sources, or with one more release (``python -m tie_lint.library``).

The same releases give the same bytes, in whatever order they were added.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from packaging.version import Version

from tie_lint.library.archive import Archive, pack, to_text
from tie_lint.library.bundled import BUNDLE
from tie_lint.library.compaction import tabulate
from tie_lint.library.extract import extract
from tie_lint.library.tree import PACKAGE, SourceTree

Documents = dict[str, Any]
"""What is bundled of one release."""


def rebuild(sources: Sequence[Path]) -> str:
    """Write the facts of these releases alone; say what was written.

    Raises ``ValueError`` for a source that is no transformers.
    """
    releases: dict[str, Documents] = {}
    for source in sources:
        with open_release(source) as (release, tree):
            releases[release] = extract(tree)
    return _write(releases)


def add(release: str, tree: SourceTree) -> str:
    """Write the facts that are bundled and those of one more release, or of one in its place."""
    releases = unpack(BUNDLE.read_bytes()) if BUNDLE.exists() else {}
    return _write({**releases, release: extract(tree)})


def unpack(data: bytes) -> dict[str, Documents]:
    """Return the documents of every bundled release: what :func:`bundle` was given."""
    archive = Archive(data)
    releases: dict[str, Documents] = {}
    for release, number in archive.head.items():
        parts = archive.read(number)
        modules = {dotted: archive.read(document) for dotted, document in parts["modules"].items()}
        releases[release] = {**parts, "modules": modules, "exports": archive.read(parts["exports"])}
    return releases


def _write(releases: dict[str, Documents]) -> str:
    BUNDLE.parent.mkdir(exist_ok=True)
    BUNDLE.write_bytes(bundle(releases))
    listed = ", ".join(sorted(releases, key=Version))
    return f"{BUNDLE.name}: {listed}; {BUNDLE.stat().st_size:,} bytes"


@contextmanager
def open_release(path: Path) -> Iterator[tuple[str, SourceTree]]:
    """Open a wheel or a directory of transformers; give its release and its source.

    Raises ``ValueError`` where there is no transformers in it.
    """
    with source_tree(path) as tree:
        release = tree.release()
        if release is None:
            raise ValueError(f"{path}: no transformers in there")
        yield release, tree


@contextmanager
def source_tree(path: Path) -> Iterator[SourceTree]:
    """The source of a wheel or a directory."""
    if path.is_dir():
        inner = path / PACKAGE
        yield SourceTree(inner if inner.is_dir() else path)
        return
    with tempfile.TemporaryDirectory() as unpacked, zipfile.ZipFile(path) as wheel:
        sources = [name for name in wheel.namelist() if name.endswith(".py")]
        wheel.extractall(unpacked, sources)
        yield SourceTree(Path(unpacked, PACKAGE))


def bundle(releases: dict[str, Documents]) -> bytes:
    """Return the archive of the releases. Its head says which document is a release's directory."""
    documents = _Documents()
    head: dict[str, int] = {}
    for release in sorted(releases, key=Version):
        parts = dict(releases[release])
        parts["modules"] = {dotted: documents.add(data) for dotted, data in parts["modules"].items()}
        parts["exports"] = documents.add(parts["exports"])
        head[release] = documents.add(parts)
    texts = [to_text(document) for document in documents.found]
    return pack(texts, head, tabulate(documents.found))


class _Documents:
    """Documents with their numbers; equal ones share a number."""

    def __init__(self) -> None:
        self.found: list[Any] = []
        self._numbers: dict[str, int] = {}

    def add(self, document: Any) -> int:
        """Return the number of a document."""
        number = self._numbers.setdefault(to_text(document), len(self.found))
        if number == len(self.found):
            self.found.append(document)
        return number
