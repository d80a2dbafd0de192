"""Whether two stored tensors have the same values, told from their bytes a piece at a time."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from typing import Literal

from tie_lint.checkpoint.errors import CheckpointError
from tie_lint.checkpoint.files import open_plain
from tie_lint.checkpoint.safetensors import BITS, Tensor

Likeness = Literal["equal", "rounded", "different"]
"""The same numbers; those of one as the other's type rounds them; or neither."""

NUMBERS = 1 << 18
"""How many numbers are compared at once."""

_FLOATS = ("BF16", "F16", "F32")


def compare(one: Tensor, two: Tensor) -> Likeness | None:
    """Return how like two tensors are; None where their types cannot be compared. Raises ``CheckpointError``.

    Types are compared across BF16, F16 and F32 only. Zeros are equal whatever their sign, and what is no
    number equals nothing, as ``torch.equal`` has it.
    """
    if one.shape != two.shape:
        return "different"
    if one.dtype == two.dtype:
        return _compare_same(one, two)
    if one.dtype not in _FLOATS or two.dtype not in _FLOATS:
        return None
    wide, narrow = (one, two) if one.dtype == "F32" else (two, one)
    if wide.dtype != "F32":
        return _all_alike(_exact(_as_f32(a, one.dtype), _as_f32(b, two.dtype)) for a, b in _pieces(one, two))
    return _all_alike(_cast(a, b, narrow.dtype) for a, b in _pieces(wide, narrow))


def _compare_same(one: Tensor, two: Tensor) -> Likeness:
    for a, b in _pieces(one, two):
        if a != b and not (one.dtype in _FLOATS and _exact(_as_f32(a, one.dtype), _as_f32(b, one.dtype))):
            return "different"
    return "equal"


def _all_alike(pieces: Iterator[Likeness | bool]) -> Likeness:
    found: Likeness = "equal"
    for piece in pieces:
        if piece in (False, "different"):
            return "different"
        if piece == "rounded":
            found = "rounded"
    return found


def _pieces(one: Tensor, two: Tensor) -> Iterator[tuple[bytes, bytes]]:
    """The same numbers of both, a bounded count at a time."""
    sizes = [max(1, NUMBERS * BITS[tensor.dtype] // 8) for tensor in (one, two)]
    with open_plain(one.path) as first, open_plain(two.path) as second:
        first.seek(one.start)
        second.seek(two.start)
        done = [one.start, two.start]
        while done[0] < one.end:
            a = first.read(min(sizes[0], one.end - done[0]))
            b = second.read(min(sizes[1], two.end - done[1]))
            if not a or not b:
                raise CheckpointError(one.path, "ended while its tensors were compared")
            done = [done[0] + len(a), done[1] + len(b)]
            yield a, b


def _as_f32(data: bytes, dtype: str) -> bytes:
    """The numbers as F32, which holds those of all three types exactly."""
    if dtype == "F32":
        return data
    if dtype == "BF16":
        wide = bytearray(2 * len(data))
        wide[2::4], wide[3::4] = data[0::2], data[1::2]
        return bytes(wide)
    count = len(data) // 2
    return struct.pack(f"<{count}f", *struct.unpack(f"<{count}e", data))


def _exact(one: bytes, two: bytes) -> bool:
    """Whether the numbers of two pieces of F32 are equal."""
    return one == two or _floats(one) == _floats(two)


def _floats(data: bytes) -> array[float]:
    found = array("f", data)
    if struct.pack("=H", 1) != struct.pack("<H", 1):
        found.byteswap()
    return found


def _cast(wide: bytes, narrow: bytes, dtype: str) -> Likeness:
    """How like a piece of F32 is to one of a narrower type."""
    if _exact(wide, _as_f32(narrow, dtype)):
        return "equal"
    rounded = _to_bf16(wide) if dtype == "BF16" else _to_f16(wide)
    return "rounded" if rounded is not None and rounded == narrow else "different"


def _to_bf16(data: bytes) -> bytes:
    """F32 rounded to BF16, half to even. One big number is all of them at once: no sum reaches a neighbour
    but from what is no number."""
    count = len(data) // 4
    ones = int.from_bytes(b"\1\0\0\0" * count, "little")
    numbers = int.from_bytes(data, "little")
    rounded = numbers + ones * 0x7FFF + ((numbers >> 16) & ones)
    wide = rounded.to_bytes(len(data) + 1, "little")[: len(data)]
    narrow = bytearray(len(data) // 2)
    narrow[0::2], narrow[1::2] = wide[2::4], wide[3::4]
    return bytes(narrow)


def _to_f16(data: bytes) -> bytes | None:
    """F32 rounded to F16, half to even; None where one is too big for it."""
    count = len(data) // 4
    try:
        return struct.pack(f"<{count}e", *struct.unpack(f"<{count}f", data))
    except OverflowError:
        return None
