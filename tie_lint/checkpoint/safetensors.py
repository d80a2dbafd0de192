"""The header of a safetensors file: what tensors it holds, and where.

After the format's description in the README of ``safetensors`` and its ``tensor.rs``: eight bytes of length,
that much JSON, then the tensors end to end.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, TypeGuard

from tie_lint.checkpoint.errors import CheckpointError
from tie_lint.checkpoint.files import open_plain
from tie_lint.checkpoint.json_file import parse_object
from tie_lint.record import NamedTuple

MOST_HEADER_BYTES = 100_000_000
"""``MAX_HEADER_SIZE`` of safetensors."""

MOST_NUMBERS = 1 << 63

BITS = {
    **dict.fromkeys(("F64", "I64", "U64", "C64"), 64),
    **dict.fromkeys(("F32", "I32", "U32"), 32),
    **dict.fromkeys(("F16", "BF16", "I16", "U16"), 16),
    **dict.fromkeys(("BOOL", "I8", "U8", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    "F4": 4,
}
"""The size of one number of each type."""


class Tensor(NamedTuple):
    """One stored tensor."""

    name: str
    dtype: str
    """As the format spells it: F32, BF16, …"""
    shape: tuple[int, ...]
    path: Path
    start: int
    """Where its bytes begin in the file."""
    end: int

    @property
    def nbytes(self) -> int:
        """How many bytes it takes."""
        return self.end - self.start


def read_header(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a file by name, in the header's order. Raises ``CheckpointError``."""
    with open_plain(path) as file:
        size = os.fstat(file.fileno()).st_size
        length = int.from_bytes(file.read(8), "little")
        if size < 8:
            raise CheckpointError(path, f"is {size} bytes long, too short for a safetensors header")
        if length > MOST_HEADER_BYTES:
            raise CheckpointError(
                path, f"has a header of {length:,} bytes; {MOST_HEADER_BYTES:,} are allowed"
            )
        if 8 + length > size:
            raise CheckpointError(path, f"ends at byte {size:,}, inside its header of {length:,} bytes")
        header = file.read(length)
    if not header.startswith(b"{"):
        raise CheckpointError(path, "has a header that does not begin with {")
    entries = parse_object(header, path, unique=True)
    entries.pop("__metadata__", None)
    tensors = {name: _tensor(name, entry, path, 8 + length) for name, entry in entries.items()}
    _check_layout(tensors, path, 8 + length, size)
    return tensors


def _tensor(name: str, entry: Any, path: Path, base: int) -> Tensor:
    if "\0" in name:
        raise CheckpointError(path, f"has a tensor whose name holds a NUL: {name[:200]!r}")
    if not isinstance(entry, dict):
        raise CheckpointError(path, f"says nothing sensible about {name[:200]!r}")
    dtype, shape, offsets = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
    if not isinstance(dtype, str) or dtype not in BITS:
        raise CheckpointError(path, f"gives {name[:200]!r} the unknown type {str(dtype)[:50]!r}")
    if not _sizes(shape) or not _sizes(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        raise CheckpointError(path, f"gives {name[:200]!r} no sensible shape or offsets")
    if _count(shape) * BITS[dtype] != 8 * (offsets[1] - offsets[0]):
        raise CheckpointError(path, f"gives {name[:200]!r} as many bytes as its shape and type do not have")
    return Tensor(name, dtype, tuple(shape), path, base + offsets[0], base + offsets[1])


def _count(shape: list[int]) -> int:
    """Return how many numbers there are, or that there are more than any file holds."""
    count = 0 if 0 in shape else 1
    for size in shape:
        count *= size
        if count > MOST_NUMBERS:
            break
    return count


def _sizes(value: object) -> TypeGuard[list[int]]:
    return isinstance(value, list) and all(type(size) is int and size >= 0 for size in value)


def _check_layout(tensors: dict[str, Tensor], path: Path, base: int, size: int) -> None:
    """Whether the tensors fill the file without a gap, an overlap or an end too early."""
    reached = base
    for tensor in sorted(tensors.values(), key=lambda tensor: (tensor.start, tensor.end)):
        if tensor.start != reached:
            kind = "overlaps another tensor" if tensor.start < reached else "leaves a gap before it"
            raise CheckpointError(path, f"is laid out wrongly: {tensor.name[:200]!r} {kind}")
        reached = tensor.end
    if reached > size:
        raise CheckpointError(path, f"is truncated: {size:,} bytes of {reached:,}")
    if reached < size:
        raise CheckpointError(path, f"has {size - reached:,} bytes after its last tensor")
