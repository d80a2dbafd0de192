"""The JSON schemas of what is printed: one file each, for the code, the docs and whoever reads the output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FOLDERS = (Path(__file__).with_name("schema"), Path(__file__).parents[2] / "docs" / "schema")
"""Where the files are in an installed package, and in a checkout."""


def load(name: str) -> dict[str, Any]:
    """Return a schema: ``"findings"`` of ``check``, ``"explanations"`` of ``explain``."""
    for folder in _FOLDERS:
        path = folder / f"{name}.schema.json"
        if path.is_file():
            schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return schema
    raise FileNotFoundError(f"no schema {name}")
