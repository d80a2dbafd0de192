"""The ways in which an adapter can touch a tie, and what was recorded of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RECORD = Path(__file__).with_name("peft.json")
KEPT = ("peft_type", "target_modules", "modules_to_save", "ensure_weight_tying")
"""The keys of adapter_config.json that are kept."""

LAYERS = ["q_proj", "v_proj"]
CASES: dict[str, dict[str, Any]] = {
    "neither end": {"target_modules": LAYERS},
    "all that is linear": {"target_modules": "all-linear"},
    "head saved": {"target_modules": LAYERS, "modules_to_save": ["lm_head"]},
    "embedding saved": {"target_modules": LAYERS, "modules_to_save": ["embed_tokens"]},
    "both saved": {"target_modules": LAYERS, "modules_to_save": ["embed_tokens", "lm_head"]},
    "head saved, ties kept": {
        "target_modules": LAYERS,
        "modules_to_save": ["lm_head"],
        "ensure_weight_tying": True,
    },
    "embedding saved, ties kept": {
        "target_modules": LAYERS,
        "modules_to_save": ["embed_tokens"],
        "ensure_weight_tying": True,
    },
    "head targeted": {"target_modules": [*LAYERS, "lm_head"]},
    "embedding targeted": {"target_modules": [*LAYERS, "embed_tokens"]},
    "both targeted": {"target_modules": [*LAYERS, "embed_tokens", "lm_head"]},
    "head targeted by a pattern": {"target_modules": r".*(q_proj|lm_head)"},
}


def records() -> dict[str, dict[str, Any]]:
    """Return by release of transformers which PEFT was asked, and what each case came to."""
    found: dict[str, dict[str, Any]] = json.loads(RECORD.read_text(encoding="utf-8"))
    return found
