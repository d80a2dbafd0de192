"""Files that are checked one at a time have caches of their own."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from tests.conftest import Write
from tests.pipeline.test_cache import FILES, HEAD, TARGETS
from tie_lint.pipeline.document import Document, TextDocument
from tie_lint.pipeline.linter import Checked, Linter
from tie_lint.pipeline.one_file import OneByOne
from tie_lint.pipeline.resolver import Resolved
from tie_lint.settings import Settings

UNTIED = HEAD.replace("    _tied", "    _untied")


@pytest.fixture
def head(write: Write) -> Path:
    for name, text in FILES.items():
        write(name, text)
    return write("pkg/head.py", UNTIED)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are checked."""
    names: list[str] = []
    real = Linter.check

    def check(linter: Linter, document: Document, noqa: bool = True) -> Checked:
        names.append(document.path.name)
        return real(linter, document, noqa)

    monkeypatch.setattr(Linter, "check", check)
    return names


def _codes(head: Path, noqa: bool = True, cached: bool = True, text: str | None = None) -> list[str]:
    document = TextDocument(head, head.read_text() if text is None else text)
    settings = Settings(head.parents[1], cache_dir=".cache")
    files = OneByOne(Resolved(settings, TARGETS), cached=cached)
    return [found.code for found in files.check(document, noqa).findings]


def test_a_file_is_checked_once_for_as_long_as_nothing_changes(head: Path, checked: list[str]) -> None:
    wanted = _codes(head)
    assert wanted
    assert _codes(head) == wanted
    assert checked == ["head.py"]


def test_what_it_depends_on_counts(head: Path, checked: list[str]) -> None:
    _codes(head)
    base = head.parent / "base.py"
    base.write_text(base.read_text() + "\n")
    _codes(head)
    head.write_text(HEAD)
    assert _codes(head) == []
    assert checked == ["head.py"] * 3


def test_comments_that_do_not_count_have_an_outcome_of_their_own(head: Path, checked: list[str]) -> None:
    head.write_text(UNTIED.replace('embed_tokens.weight"}', 'embed_tokens.weight"}  # noqa'))
    silenced, told = _codes(head), _codes(head, noqa=False)
    assert len(silenced) < len(told)
    assert (_codes(head), _codes(head, noqa=False)) == (silenced, told)
    assert checked == ["head.py"] * 2


def test_a_text_that_is_not_on_the_disk_is_checked(head: Path, checked: list[str]) -> None:
    _codes(head)
    assert _codes(head, text=HEAD) == []
    assert _codes(head.with_name("nowhere.py"), text=UNTIED)
    assert checked == ["head.py", "head.py", "nowhere.py"]


def test_without_a_cache_nothing_is_kept(head: Path, checked: list[str]) -> None:
    assert _codes(head, cached=False) == _codes(head, cached=False)
    assert checked == ["head.py"] * 2
    assert not (head.parents[1] / ".cache").exists()


def test_forgetting_what_was_read_changes_nothing(head: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = _codes(head, cached=False)
    monkeypatch.setattr("tie_lint.pipeline.one_file.MOST_READ", 0)
    files = OneByOne(Resolved(Settings(head.parents[1]), TARGETS), cached=False)
    for _ in range(2):
        assert [found.code for found in files.check(TextDocument(head, UNTIED)).findings] == wanted


def test_what_checks_keep_is_passed_over_by_collections_until_it_is_forgotten(
    head: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linters: list[weakref.ref[Linter]] = []
    real = Linter.check

    def check(linter: Linter, document: Document, noqa: bool = True) -> Checked:
        linters.append(weakref.ref(linter))
        return real(linter, document, noqa)

    monkeypatch.setattr(Linter, "check", check)
    monkeypatch.setattr("tie_lint.pipeline.one_file.MOST_READ", 0)
    monkeypatch.setattr("tie_lint.pipeline.garbage.MOST_OLD", 0)
    files = OneByOne(Resolved(Settings(head.parents[1]), TARGETS), cached=False, freezing=True)
    before = gc.get_freeze_count()
    for _ in range(2):
        files.check(TextDocument(head, UNTIED))
    assert gc.get_freeze_count() > before
    assert [linter() for linter in linters] == [None, None]
