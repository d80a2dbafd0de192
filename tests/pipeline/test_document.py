"""What is read of a file, in one place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tie_lint.pipeline.document import Document, TextDocument
from tie_lint.pipeline.reading import read_document
from tie_lint.python.disk import Disk
from tie_lint.python.text import UnreadableSourceError


def read(path: Path, largest: int = 100) -> Document:
    return read_document(path, Disk(largest))


def test_text_encoding_and_lines(tmp_path: Path) -> None:
    path = tmp_path / "acme.py"
    path.write_bytes("# coding: latin-1\r\nx = 'ü'\f\n".encode("latin-1"))
    document = read(path)
    assert (document.text, document.encoding) == ("# coding: latin-1\r\nx = 'ü'\f\n", "iso-8859-1")
    assert document.lines == ["# coding: latin-1", "x = 'ü'\f", ""]
    assert document.size == path.stat().st_size
    assert document.with_text("# ü").data == b"# \xfc"


def test_a_shown_path_is_the_normal_one_or_the_one_given(tmp_path: Path) -> None:
    assert read(Path("a/../b.py")).shown == "b.py"
    assert read_document(tmp_path, Disk(), "shown.py").shown == "shown.py"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x = 1\n# \xff\n", "not utf-8"),
        (b"# coding: nonsense\n", "unknown encoding"),
        (b"# coding: hex\n", "unknown encoding"),
        (b"# coding: punycode\nx = 1 - 2\n", "not (decodable|punycode)"),
        (b"# coding: undefined\n", "not decodable"),
        (b"#" * 101, "larger than 100 bytes"),
    ],
)
def test_bytes_that_are_no_text_say_why(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "acme.py"
    path.write_bytes(data)
    with pytest.raises(UnreadableSourceError, match=reason):
        read(path).text  # noqa: B018


def test_what_is_no_regular_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "zero.py").symlink_to("/dev/zero")
    (tmp_path / "loop.py").symlink_to("loop.py")
    for name, reason in {
        "pipe.py": "not a regular file",
        "zero.py": "not a regular file",
        "loop.py": "symbolic links",
        "gone.py": "No such file",
        ".": "not a regular file",
        "n" * 5_000: "name too long",
    }.items():
        document = read(tmp_path / name)
        assert document.size == 0
        with pytest.raises(UnreadableSourceError, match=reason):
            document.text  # noqa: B018


def test_a_given_text_counts_whatever_the_file_holds(tmp_path: Path) -> None:
    document = TextDocument(tmp_path / "acme.py", "x = '\udcff'\n")
    assert document.text == "x = '\udcff'\n" and document.shown == str(tmp_path / "acme.py")
