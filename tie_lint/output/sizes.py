"""Sizes in bytes as people write them."""

from __future__ import annotations

_UNITS = ("B", "kB", "MB", "GB", "TB")


def in_words(size: float) -> str:
    """Return a number of bytes with three digits: ``1.57 GB``."""
    for unit in _UNITS:
        if size < 1000 or unit == _UNITS[-1]:
            break
        size /= 1000
    return f"{size:.3g} {unit}" if size < 1000 else f"{size:.0f} {unit}"
