"""Rebuild the bundled facts: ``python -m tie_lint.library.bundle WHEEL_OR_SOURCE_DIR…``.

Each argument is a wheel of transformers, or a directory that is or holds its ``transformers`` package.
All bundled releases are written to one file, so all must be given. The same input gives the same bytes.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from packaging.version import Version

from tie_lint.library.archive import pack, to_text
from tie_lint.library.bundled import BUNDLE
from tie_lint.library.compaction import tabulate
from tie_lint.library.extract import extract
from tie_lint.library.tree import PACKAGE, SourceTree


def main(arguments: Sequence[str]) -> int:
    """The command."""
    if not arguments:
        print(__doc__)
        return 2
    releases: dict[str, dict[str, Any]] = {}
    for argument in arguments:
        with source_tree(Path(argument)) as tree:
            release = tree.release()
            if release is None:
                print(f"{argument}: no transformers in there", file=sys.stderr)
                return 2
            releases[release] = extract(tree)
    BUNDLE.parent.mkdir(exist_ok=True)
    BUNDLE.write_bytes(bundle(releases))
    print(f"{BUNDLE.name}: {', '.join(releases)}; {BUNDLE.stat().st_size:,} bytes")
    return 0


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


def bundle(releases: dict[str, dict[str, Any]]) -> bytes:
    """The archive of the releases. Its head says which document is a release's directory."""
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
        """The number of a document."""
        number = self._numbers.setdefault(to_text(document), len(self.found))
        if number == len(self.found):
            self.found.append(document)
        return number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
