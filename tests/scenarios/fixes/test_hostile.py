"""What ``--fix`` does where the file, the disk or somebody else gets in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

import tie_lint.fix.files
from tests.conftest import Write
from tests.examples import BAD, GOOD
from tests.fix.test_command import RELEASE, Capture
from tie_lint.cli import main
from tie_lint.fix.write import encoded
from tie_lint.pipeline.document import Document
from tie_lint.rules import all_rules
from tie_lint.rules.page import examples


def with_tabs(text: str) -> str:
    """The text indented by tabs."""
    return text.replace("    ", "\t")


@pytest.mark.parametrize("end", ["\r\n", ""], ids=["ended", "not ended"])
def test_tabs_carriage_returns_and_a_mark_at_once(folder: Path, end: str) -> None:
    def hostile(text: str) -> bytes:
        return (with_tabs(text).replace("\n", "\r\n").removesuffix("\r\n") + end).encode("utf-8-sig")

    path = folder / "acme.py"
    path.write_bytes(hostile(BAD))
    assert main(["--fix", *RELEASE]) == 0
    assert path.read_bytes() == hostile(GOOD)


def test_lines_that_end_differently_stay_so(folder: Path) -> None:
    path = folder / "acme.py"
    mixed = BAD.replace("\n", "\r\n", 3).encode()
    path.write_bytes(mixed)
    assert main(["--fix", *RELEASE]) == 0
    assert path.read_bytes().startswith(mixed.removesuffix(b"\n"))
    assert path.read_bytes().replace(b"\r\n", b"\n") == GOOD.encode()


def test_a_file_that_is_read_only_is_left_alone_and_the_others_are_mended(
    write: Write, capsys: Capture
) -> None:
    locked, other = write("acme.py", BAD), write("other.py", BAD)
    locked.chmod(0o444)
    assert main(["--fix", *RELEASE]) == 1
    assert locked.read_text(encoding="utf-8") == BAD
    assert other.read_text(encoding="utf-8") == GOOD
    output = capsys.readouterr()
    assert "acme.py: not fixed: it is read-only" in output.err
    assert "acme.py:" in output.out and "Fixed 1 problem" in output.out


@pytest.mark.parametrize("paths", [["link.py"], ["."], ["link.py", "folder/real.py"]])
def test_a_link_stays_one_and_what_it_leads_to_is_mended_once(
    write: Write, capsys: Capture, paths: list[str]
) -> None:
    real = write("folder/real.py", BAD)
    link = real.parent.parent / "link.py"
    link.symlink_to("folder/real.py")
    assert main([*paths, "--fix", *RELEASE]) == 0
    assert link.is_symlink() and real.read_text(encoding="utf-8") == GOOD
    assert "not fixed" not in capsys.readouterr().err


def test_a_file_that_somebody_else_changes_meanwhile_is_theirs(
    write: Write, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, theirs = write("acme.py", BAD), "# theirs\n" + BAD

    def meanwhile(document: Document, new: str) -> bytes:
        path.write_text(theirs, encoding="utf-8")
        return encoded(document, new)

    monkeypatch.setattr(tie_lint.fix.files, "encoded", meanwhile)
    assert main(["--fix", *RELEASE]) == 1
    assert path.read_text(encoding="utf-8") == theirs
    assert "acme.py: not fixed: it was changed by something else meanwhile" in capsys.readouterr().err


ALL_WRONG = examples(all_rules()["TIE101"])[0].bad.replace("        self.post_init()\n", "")


def test_a_second_run_finds_nothing_to_do(write: Write, capsys: Capture) -> None:
    path = write("acme.py", ALL_WRONG + BAD.partition("\n\n\n")[2].replace("AcmeFor", "OtherFor"))
    assert main(["--fix", "--unsafe-fixes", *RELEASE]) == 0
    assert "Fixed 3 problems" in capsys.readouterr().out
    once = path.read_bytes()
    assert main(["--fix", "--unsafe-fixes", *RELEASE]) == 0
    assert path.read_bytes() == once
    assert main(["--diff", "--unsafe-fixes", *RELEASE]) == 0


SPOILT = BAD.replace(
    '    _tied_weights_keys = {"head.weight": "model.embed_tokens.weight"}\n',
    "    if True:\n        _tied_weights_keys = []\n",
)
"""With the getter the head is tied, as nothing declares, and the declaration is where no fix reaches it."""


@pytest.mark.parametrize("how", [["--fix"], ["--fix", "--unsafe-fixes"], ["--diff"]])
def test_a_fix_that_brings_a_new_finding_is_withheld_and_that_is_said(
    write: Write, capsys: Capture, how: list[str]
) -> None:
    path = write("acme.py", SPOILT)
    main([*how, "--transformers", "4.51.3"])
    assert path.read_text(encoding="utf-8") == SPOILT
    output = capsys.readouterr()
    said = "acme.py:5: TIE001 not fixed: what could be done would bring TIE106 at line 7 of the fixed text"
    assert said in output.err
    assert "Fixed" not in output.out


def test_the_others_of_the_file_are_made(write: Write) -> None:
    other = "\n\n" + BAD.partition("\n\n\n")[2].replace("AcmeFor", "OtherFor")
    path = write("acme.py", SPOILT + other)
    assert main(["--fix", "--transformers", "4.51.3"]) == 1
    found = path.read_text(encoding="utf-8")
    assert found.startswith(SPOILT + other) and found.count("def get_output_embeddings") == 1
