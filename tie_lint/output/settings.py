"""The settings of a file, for `tie-lint config`: TOML, with comments that say where values come from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from tie_lint.output.escape import printable
from tie_lint.pipeline.configuration import READERS
from tie_lint.pipeline.resolver import Resolved

HERE = "exclude-here"
"""The patterns of the command line, which no settings file has."""


def write_text(path: Path, resolved: Resolved, excluded: bool, stream: TextIO) -> None:
    """Write the targets, and every setting in the order of the documentation."""
    releases = ", ".join(resolved.targets.releases)
    stream.write(printable(f"# {path}: transformers {releases}{resolved.targets.asked_by}") + "\n")
    if excluded:
        stream.write("# excluded\n")
    rows = [
        (f"{key} = {_toml(value)}" if value is not None else f"# {key}", origin)
        for key, value, origin in _rows(resolved)
    ]
    width = min(max(len(text) for text, _ in rows), 60)
    for text, origin in rows:
        stream.write(printable(f"{text:<{width}}  # {origin}") + "\n")


def write_json(path: Path, resolved: Resolved, excluded: bool, stream: TextIO) -> None:
    """Write one object: the file, its targets, and every setting with its value and origin."""
    targets = {"releases": list(resolved.targets.releases), "from": resolved.targets.source}
    settings = {key: {"value": value, "from": origin} for key, value, origin in _rows(resolved)}
    shown = {"path": str(path), "excluded": excluded, "transformers": targets, "settings": settings}
    json.dump(shown, stream, indent=2)
    stream.write("\n")


def _rows(resolved: Resolved) -> Iterator[tuple[str, Any, str]]:
    """Yield key, value and origin."""
    settings = resolved.settings
    for key in READERS:
        name = key.replace("-", "_")
        yield key, _plain(getattr(settings, name)), settings.origin(name)
    if settings.exclude_here:
        yield HERE, _plain(settings.exclude_here), "--exclude, --extend-exclude"


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, Mapping) else value


def _toml(value: Any) -> str:
    """A value as TOML, which is JSON but for tables."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    return json.dumps(value)
