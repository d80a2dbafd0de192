"""Streams that are closed, full or narrow, and text that must not reach a terminal as it stands."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.examples import BAD
from tests.hostile.bounded import MAPPING, afresh, bounded, shell

HOW = ["--isolated", "--no-cache", "--transformers", MAPPING]
LINE = " ".join(HOW)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_explain_tells_of_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(BAD)
    ended = shell(f"$TIE_LINT explain bad.py --isolated --transformers {MAPPING} > /dev/full", cwd=tmp_path)
    assert ended.code == 2 and ended.told_without_traceback()
    assert len(ended.err.splitlines()) == 1


def test_a_name_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"s\xff.py")).write_text(BAD)
    ended = afresh(".", *HOW, cwd=tmp_path, env={"PYTHONIOENCODING": "utf-8:strict"})
    assert ended.code == 1 and ended.told_without_traceback()
    assert "TIE" in ended.out


RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
NAMES = ["text\nline\x1b.py", "\x1b[31mred.py", "\u202ebidi.py", "\x07bell.py"]


@pytest.mark.parametrize("name", NAMES, ids=["newline", "escape", "bidi", "bell"])
@pytest.mark.parametrize("output", ["full", "github", "diff", "explain"])
def test_control_characters_of_a_name_are_not_printed(tmp_path: Path, name: str, output: str) -> None:
    (tmp_path / name).write_text(BAD)
    how = {"diff": ["--diff", "--unsafe-fixes"], "explain": []}.get(output, ["--output-format", output])
    subcommand = "explain" if output == "explain" else "check"
    ended = bounded(subcommand, ".", "--isolated", "--transformers", MAPPING, *how, cwd=tmp_path)
    assert ended.told_without_traceback() and ended.out
    assert not RAW.search(ended.out + ended.err)
    assert not re.search(r"^line", ended.out + ended.err, re.MULTILINE)


def test_control_characters_of_a_source_line_are_not_printed(tmp_path: Path) -> None:
    text = BAD.replace("class AcmeForCausalLM", "# \x1b[31m \u202e\nclass AcmeForCausalLM", 1)
    text = re.sub(r"(class AcmeForCausalLM.*)", "\\1  # \x1b[31m \u202e \x07", text, count=1)
    (tmp_path / "bad.py").write_text(text)
    ended = bounded("bad.py", *HOW, cwd=tmp_path)
    assert ended.code == 1
    assert not RAW.search(ended.out)
