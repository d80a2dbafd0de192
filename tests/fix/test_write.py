"""Files are replaced whole, by what they should hold, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tie_lint.fix.write import NotWrittenError, encoded, replace
from tie_lint.pipeline.document import Document

PATH = Path("a.py")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "x = 'ü'\n"),
        ("utf-8-sig", "x = 'ü'\r\n"),
        ("latin-1", "# coding: latin-1\nx = 'ü'\n"),
    ],
)
def test_the_encoding_is_kept(encoding: str, text: str) -> None:
    document = Document(PATH, "a.py", text.encode(encoding))
    assert encoded(document, text + "y = 1") == (text + "y = 1").encode(encoding)


def test_what_the_encoding_lacks_is_not_written() -> None:
    text = "# coding: ascii\n"
    with pytest.raises(NotWrittenError, match="cannot be written as ascii"):
        encoded(Document(PATH, "a.py", text.encode()), text + "ü = 1")


def test_permissions_and_links_are_kept(tmp_path: Path) -> None:
    real, link = tmp_path / "real.py", tmp_path / "link.py"
    real.write_bytes(b"old")
    real.chmod(0o751)
    link.symlink_to(real.name)
    replace(link, b"old", b"new")
    assert link.is_symlink() and real.read_bytes() == b"new"
    assert real.stat().st_mode & 0o777 == 0o751
    assert sorted(tmp_path.iterdir()) == [link, real]


def test_a_file_that_was_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "acme.py"
    path.write_bytes(b"newer")
    with pytest.raises(NotWrittenError, match="changed by something else"):
        replace(path, b"old", b"new")
    assert path.read_bytes() == b"newer"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_has_gone_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(NotWrittenError):
        replace(tmp_path / "acme.py", b"old", b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_an_interruption_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "acme.py"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, moment, interrupt)
    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace(path, b"old", b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
