"""Comparing stored tensors by their bytes."""

from __future__ import annotations

import math
import struct
import tracemalloc
from pathlib import Path

import pytest

from tests.checkpoint.writing import numbers, write_tensors
from tie_lint.checkpoint import compare as module
from tie_lint.checkpoint.compare import Likeness, compare
from tie_lint.checkpoint.safetensors import read_header

Stored = tuple[str, bytes]


def _halves(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}e", *values)


def _brains(*values: float) -> bytes:
    """BF16 by cutting off, for values that it holds exactly."""
    return b"".join(struct.pack("<f", value)[2:] for value in values)


@pytest.mark.parametrize(
    ("one", "two", "likeness"),
    [
        (("F32", numbers(1, 2)), ("F32", numbers(1, 2)), "equal"),
        (("F32", numbers(1, 2)), ("F32", numbers(1, 3)), "different"),
        (("F32", numbers(0.0, 2)), ("F32", numbers(-0.0, 2)), "equal"),
        (("I32", numbers(0.0, 2)), ("I32", numbers(-0.0, 2)), "different"),
        (("F32", numbers(1.5, -2)), ("BF16", _brains(1.5, -2)), "equal"),
        (("F16", _halves(1.5, -2)), ("BF16", _brains(1.5, -2)), "equal"),
        (("F16", _halves(1.5, -2)), ("BF16", _brains(1.5, 2)), "different"),
        (("F16", _halves(0.1, 2)), ("F32", numbers(0.1, 2)), "rounded"),
        (("F32", numbers(0.1, 1e9)), ("F16", _halves(0.1, 2)), "different"),
        # 0.1 is 0x3dcccccd: rounded up to 0x3dcd, not cut to 0x3dcc
        (("F32", numbers(0.1, 2)), ("BF16", b"\xcd\x3d" + _brains(2)), "rounded"),
        (("F32", numbers(0.1, 2)), ("BF16", b"\xcc\x3d" + _brains(2)), "different"),
        # half way between two: to the even one
        (("F32", b"\x00\x80\x81\x3f" + b"\x00\x80\x80\x3f"), ("BF16", b"\x82\x3f\x80\x3f"), "rounded"),
        (("F32", numbers(1, 2)), ("F64", struct.pack("<2d", 1, 2)), None),
    ],
)
def test_values_are_compared_as_they_would_be_loaded(
    tmp_path: Path, one: Stored, two: Stored, likeness: Likeness | None
) -> None:
    path = write_tensors(
        tmp_path / "m.safetensors", {"a": (one[0], (2,), one[1]), "b": (two[0], (2,), two[1])}
    )
    tensors = read_header(path)
    assert compare(tensors["a"], tensors["b"]) == likeness
    assert compare(tensors["b"], tensors["a"]) == likeness


def test_what_is_no_number_takes_no_neighbour_along(tmp_path: Path) -> None:
    nan = b"\xff\xff\xff\xff"
    path = write_tensors(
        tmp_path / "m.safetensors",
        {"a": ("F32", (2,), nan + numbers(0.1)), "b": ("BF16", (2,), b"\xff\xff\xcd\x3d")},
    )
    tensors = read_header(path)
    assert compare(tensors["a"], tensors["b"]) == "different"


def test_other_shapes_are_different(tmp_path: Path) -> None:
    path = write_tensors(
        tmp_path / "m.safetensors",
        {"a": ("F32", (2,), numbers(1, 2)), "b": ("F32", (2, 1), numbers(1, 2))},
    )
    tensors = read_header(path)
    assert compare(tensors["a"], tensors["b"]) == "different"


@pytest.mark.parametrize("dtype", ["F32", "BF16"])
def test_a_difference_in_the_last_piece_is_found(
    tmp_path: Path, dtype: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "NUMBERS", 4)
    values = [float(number) for number in range(9)]
    other = [*values[:-1], math.pi]
    pack = numbers if dtype == "F32" else _brains
    path = write_tensors(
        tmp_path / "m.safetensors",
        {
            "a": ("F32", (9,), numbers(*values)),
            "b": (dtype, (9,), pack(*other)),
            "c": (dtype, (9,), pack(*values)),
        },
    )
    tensors = read_header(path)
    assert compare(tensors["a"], tensors["b"]) == "different"
    assert compare(tensors["a"], tensors["c"]) == "equal"


def test_memory_is_bounded(tmp_path: Path) -> None:
    content = bytes(32_000_000)
    path = write_tensors(
        tmp_path / "m.safetensors", {"a": ("F32", (8_000_000,), content), "b": ("F32", (8_000_000,), content)}
    )
    tensors = read_header(path)
    del content
    tracemalloc.start()
    assert compare(tensors["a"], tensors["b"]) == "equal"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000
