"""The settings of a run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

LARGEST_FILE = 10_000_000
"""Bytes of the largest file that is read, where nobody sets another bound."""


class Settings(NamedTuple):
    """What a run is asked to do."""

    root: Path
    """The directory that patterns are relative to: that of the settings file."""
    select: tuple[str, ...] = ("TIE",)
    ignore: tuple[str, ...] = ()
    transformers: str | None = None
    """A release or a range; None leaves it to the project's own requirement."""
    tied_weights_keys: Literal["any", "init-base"] = "any"
    exclude: tuple[str, ...] = ()
    cache_dir: str | None = None
    """Where results of earlier runs are kept, relative to the root; None for the user's cache directory."""
    max_file_size: int = LARGEST_FILE
    """Bytes of the largest file that is read."""
    class_time_limit: float = 2.0
    """The CPU time, in seconds, that the questions about one model class may take under one release."""
    per_file_ignores: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def override(settings: Settings, **given: Any) -> Settings:
    """Return the settings with those of the command line that were given, that is, are not None."""
    return settings._replace(**{name: value for name, value in given.items() if value is not None})
