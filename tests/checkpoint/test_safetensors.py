"""Headers of safetensors files, sound and hostile."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from tests.checkpoint.writing import numbers, write_raw, write_shapes, write_tensors
from tie_lint.checkpoint.errors import CheckpointError
from tie_lint.checkpoint.safetensors import read_header


def test_a_header_gives_names_types_shapes_and_places(tmp_path: Path) -> None:
    path = write_tensors(
        tmp_path / "model.safetensors",
        {"a.weight": ("F32", (1, 2), numbers(1, 2)), "b": ("BF16", (), b"\0\1")},
    )
    found = read_header(path)
    assert list(found) == ["a.weight", "b"]
    assert (found["a.weight"].dtype, found["a.weight"].shape) == ("F32", (1, 2))
    assert found["b"].shape == ()
    assert found["b"].nbytes == 2
    data = path.read_bytes()
    assert data[found["a.weight"].start : found["a.weight"].end] == numbers(1, 2)
    assert data[found["b"].start : found["b"].end] == b"\0\1"


def _entry(dtype: str = "F32", shape: Any = (1,), offsets: Any = (0, 4)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


@pytest.mark.parametrize(
    ("header", "data", "problem"),
    [
        ({"a": _entry()}, b"", "is truncated"),
        ({"a": _entry()}, b"12345678", "4 bytes after its last tensor"),
        ({"a": _entry(), "b": _entry()}, b"1234", "'b' overlaps another tensor"),
        ({"a": _entry(offsets=(4, 8))}, b"12345678", "'a' leaves a gap before it"),
        ({"a": _entry(shape=(2,))}, b"1234", "as many bytes as its shape and type do not have"),
        ({"a": _entry(shape=(-1,))}, b"1234", "no sensible shape"),
        ({"a": _entry(shape=(True,))}, b"1234", "no sensible shape"),
        ({"a": _entry(offsets=(4, 0))}, b"1234", "no sensible shape or offsets"),
        ({"a": _entry(dtype="F31")}, b"1234", "unknown type 'F31'"),
        ({"a": 7}, b"", "nothing sensible about 'a'"),
        ({"a\0b": _entry()}, b"1234", "a tensor whose name holds a NUL"),
    ],
)
def test_what_the_header_gets_wrong_is_said(
    tmp_path: Path, header: dict[str, Any], data: bytes, problem: str
) -> None:
    path = write_raw(tmp_path / "model.safetensors", json.dumps(header), data)
    with pytest.raises(CheckpointError, match=problem) as caught:
        read_header(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("colon", [":", " :", "\n\t : "])
def test_a_name_that_is_there_twice_is_refused(tmp_path: Path, colon: str) -> None:
    entry = json.dumps(_entry())
    path = write_raw(tmp_path / "m.safetensors", f'{{"a"{colon}{entry}, "a"{colon}{entry}}}', b"1234")
    with pytest.raises(CheckpointError, match="the name 'a' is there twice"):
        read_header(path)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "too short for a safetensors header"),
        (b"\xff" * 8 + b"{}", "has a header of 18,446,744,073,709,551,615 bytes"),
        ((100_000_001).to_bytes(8, "little"), "has a header of 100,000,001 bytes"),
        ((90).to_bytes(8, "little") + b"{}", "ends at byte 10, inside its header"),
        ((2).to_bytes(8, "little") + b"[]", "does not begin with {"),
        ((2).to_bytes(8, "little") + b"{\xff", "is no valid JSON"),
    ],
)
def test_a_file_that_is_no_safetensors_file_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=problem):
        read_header(path)


@pytest.mark.parametrize(
    "header",
    [
        b'{"a": ' + b"[" * 5_000_000 + b"]" * 5_000_000 + b"}",
        b'{"a": [' + b"1," * 10_000_000 + b"1]}",
        b'{"a": {"dtype": "F32", "shape": [' + b"9" * 1_000_000 + b"]}}",
        b"{" + b" " * 90_000_000 + b"]",
        b'{"a": {"dtype": "F32", "shape": ['
        + b",".join([b"9" * 19] * 100_000)
        + b'], "data_offsets": [0, 4]}}',
    ],
    ids=["deep", "long", "a huge number", "blank", "many dimensions"],
)
def test_a_header_that_is_a_bomb_is_refused_within_two_seconds(tmp_path: Path, header: bytes) -> None:
    path = write_raw(tmp_path / "model.safetensors", header)
    start = time.process_time()
    with pytest.raises(CheckpointError):
        read_header(path)
    assert time.process_time() - start < 2


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    os.mkfifo(path)
    with pytest.raises(CheckpointError, match="is no plain file"):
        read_header(path)


def test_an_empty_header_has_no_tensors(tmp_path: Path) -> None:
    assert read_header(write_shapes(tmp_path / "model.safetensors", {})) == {}
