"""Record what is loaded from folders in the layout of the Hub: ``python -m tests.lab.loading.record_hub``.

Each folder in ``hub/`` is loaded with ``trust_remote_code`` from a checkpoint of the embedding alone, of the
head alone, of both and of neither. Run it with the Python of a virtual environment that holds the release.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
import logging
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

from tests.lab.loading.hub_records import EMBEDDING, HEAD, HUB, LAYER, STATES, folders
from tests.lab.loading.observe import outcome, release
from tests.lab.truth.observe import quieten


def main() -> int:
    """Record all folders; see the module docstring."""
    quieten()
    logging.getLogger("transformers").setLevel(logging.WARNING)
    found = {
        folder.name: {state: load(folder, names) for state, names in STATES.items()} for folder in folders()
    }
    text = json.dumps(found, indent=1, sort_keys=True) + "\n"
    (HUB / f"{release()}.json").write_text(text, encoding="utf-8")
    return 0


def load(folder: Path, names: list[str]) -> dict[str, Any]:
    """What one folder gives from a checkpoint of those names."""
    shapes = {HEAD: (60, 8), EMBEDDING: (60, 8), f"{LAYER}.weight": (8, 8), f"{LAYER}.bias": (8,)}
    tensors = {name: torch.rand(shapes[name]) + 1 for name in [*names, f"{LAYER}.weight", f"{LAYER}.bias"]}
    with tempfile.TemporaryDirectory() as scratch:
        where = Path(scratch) / folder.name.replace("-", "_")
        shutil.copytree(folder, where)
        save_file(tensors, where / "model.safetensors", metadata={"format": "pt"})
        return outcome(
            lambda: AutoModelForCausalLM.from_pretrained(
                where, trust_remote_code=True, output_loading_info=True
            ),
            tensors,
            [HEAD, EMBEDDING],
        )


if __name__ == "__main__":
    sys.exit(main())
