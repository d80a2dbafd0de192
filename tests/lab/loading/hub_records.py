"""The folders in the layout of the Hub, and what was recorded of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HUB = Path(__file__).with_name("hub")
EMBEDDING, HEAD, LAYER = "model.embed_tokens.weight", "lm_head.weight", "model.layers.0"

STATES = {
    "embedding": [EMBEDDING],
    "head": [HEAD],
    "both": [EMBEDDING, HEAD],
    "neither": [],
}
"""What is stored of the two, each with values of its own."""


def folders() -> list[Path]:
    """The folders: what the config class says by default, what config.json says, and the form of the keys."""
    return sorted(path for path in HUB.iterdir() if path.is_dir() and (path / "config.json").exists())


def releases() -> list[str]:
    """The releases with records."""
    return sorted(path.stem for path in HUB.glob("*.json"))


def records(release: str) -> dict[str, dict[str, Any]]:
    """Folder → state → outcome."""
    found: dict[str, dict[str, Any]] = json.loads((HUB / f"{release}.json").read_text(encoding="utf-8"))
    return found
