"""Safetensors files written by hand, so that they can be wrong in any way."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tie_lint.checkpoint.safetensors import BITS


def numbers(*values: float) -> bytes:
    """The bytes of numbers as F32."""
    return struct.pack(f"<{len(values)}f", *values)


def write_raw(path: Path, header: str | bytes, data: bytes = b"") -> Path:
    """Write a file of that header and those bytes, whatever they are."""
    text = header.encode() if isinstance(header, str) else header
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


def write_tensors(path: Path, tensors: Mapping[str, tuple[str, Sequence[int], bytes]]) -> Path:
    """Write a sound file of tensors, each its type, shape and bytes."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    data = b""
    for name, (dtype, shape, content) in tensors.items():
        header[name] = {
            "dtype": dtype,
            "shape": list(shape),
            "data_offsets": [len(data), len(data) + len(content)],
        }
        data += content
    return write_raw(path, json.dumps(header), data)


def write_shapes(path: Path, shapes: Mapping[str, Sequence[int]], dtype: str = "F32") -> Path:
    """Write tensors of those shapes, each filled with a byte of its own."""
    return write_tensors(
        path,
        {
            name: (dtype, shape, bytes([number % 100 + 1]) * (math.prod(shape) * BITS[dtype] // 8))
            for number, (name, shape) in enumerate(shapes.items())
        },
    )
