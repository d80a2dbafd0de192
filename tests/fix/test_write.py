"""Files are replaced whole, by what they should hold, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tie_lint.fix.write import NotWrittenError, encoded, remove_scratch, replace
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


def test_a_file_with_other_names_is_left_alone(tmp_path: Path) -> None:
    path, other = tmp_path / "acme.py", tmp_path / "other.py"
    path.write_bytes(b"old")
    other.hardlink_to(path)
    with pytest.raises(NotWrittenError, match="hard links"):
        replace(path, b"old", b"new")
    assert path.read_bytes() == other.read_bytes() == b"old"
    assert sorted(tmp_path.iterdir()) == [path, other]


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes")
def test_extended_attributes_are_kept_or_the_file_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "acme.py"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.note", b"mine")
    except OSError:
        pytest.skip("the file system has no extended attributes")
    replace(path, b"old", b"new")
    assert (path.read_bytes(), os.getxattr(path, "user.note")) == (b"new", b"mine")

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setxattr", refuse)
    with pytest.raises(NotWrittenError, match="attributes cannot be kept"):
        replace(path, b"new", b"newer")
    assert path.read_bytes() == b"new"


def test_an_owner_that_cannot_be_kept_leaves_the_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root may give a file away")
    path = tmp_path / "acme.py"
    path.write_bytes(b"old")
    os.chown(path, 1234, 1234)
    monkeypatch.setattr(os, "chown", refuse)
    with pytest.raises(NotWrittenError, match="owner cannot be kept"):
        replace(path, b"old", b"new")
    assert path.read_bytes() == b"old"


def test_scratch_files_are_removed_unless_somebody_writes_them(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    names = (".acme.py.tie-lint-1", ".acme.py.tie-lint-2", "acme.py", ".tie-lint.toml")
    left, used, *others = (tmp_path / name for name in names)
    for path in (left, used, *others):
        path.touch()
    with used.open("wb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        remove_scratch([str(tmp_path), str(tmp_path / "nowhere")])
        assert sorted(tmp_path.iterdir()) == sorted([used, *others])
    remove_scratch([str(tmp_path)])
    assert sorted(tmp_path.iterdir()) == sorted(others)
