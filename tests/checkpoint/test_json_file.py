"""JSON that is valid for somebody, and not for the library."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tie_lint.checkpoint.config_file import ConfigFile, may_describe_model
from tie_lint.checkpoint.errors import CheckpointError
from tie_lint.checkpoint.json_file import read_object

TEXT = '{"model_type": "llama", "size": 1}'
MARK = "begins with a byte order mark"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (f"\N{ZERO WIDTH NO-BREAK SPACE}{TEXT}".encode(), MARK),
        (TEXT.encode("utf-16"), MARK),
        (TEXT.encode("utf-32"), MARK),
        (TEXT.encode("utf-16-le"), "is no valid JSON"),
        (TEXT.replace("llama", "é").encode("latin-1"), "is no valid JSON"),
        (TEXT.replace("1", "[" * 100_000 + "]" * 100_000).encode(), "is nested too deeply"),
        pytest.param(
            TEXT.replace("1", "9" * 5_000).encode(),
            r"holds a number of more digits than Python reads$",
            marks=pytest.mark.skipif(
                not hasattr(sys, "set_int_max_str_digits"), reason="this Python reads all of them"
            ),
        ),
    ],
    ids=["mark", "utf-16", "utf-32", "utf-16-le", "latin-1", "nested", "digits"],
)
def test_what_cannot_be_read_is_told_in_its_own_words(tmp_path: Path, data: bytes, problem: str) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match=problem):
        ConfigFile.read(tmp_path)
    with pytest.raises(CheckpointError, match=problem):
        read_object(path, 1_000_000)
    assert may_describe_model(path)


@pytest.mark.parametrize("number", ["1e999999", "-Infinity", "NaN", "9" * 4_000, '"\\ud800"'])
def test_what_the_library_reads_is_read(tmp_path: Path, number: str) -> None:
    text = TEXT.replace("1", number)
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    assert repr(ConfigFile.read(tmp_path).values) == repr(json.loads(text))
