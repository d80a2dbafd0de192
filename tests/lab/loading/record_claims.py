"""Record what is loaded from the examples of the rules about folders.

    python -m tests.lab.loading.record_claims

Run it with the Python of a virtual environment that holds the release, after an example has changed.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import Any

import transformers
from safetensors.torch import load_file

from tests.folders import read_page, write_folder
from tests.lab.loading.claims import CLAIMS, examples
from tests.lab.loading.observe import outcome, release
from tests.lab.truth.observe import quieten


def main() -> int:
    """Record all examples; see the module docstring."""
    quieten()
    logging.getLogger("transformers").setLevel(logging.WARNING)
    found = {code: [load(text) for text in pair] for code, pair in examples().items()}
    text = json.dumps(found, indent=1, sort_keys=True) + "\n"
    (CLAIMS / f"{release()}.json").write_text(text, encoding="utf-8")
    return 0


def load(text: str) -> dict[str, Any]:
    """What a load makes of the folder that a part of a page shows."""
    config, stored = read_page(text)
    with tempfile.TemporaryDirectory() as scratch:
        folder = write_folder(Path(scratch), config, stored)
        cls = getattr(transformers, json.loads(config)["architectures"][0], None)
        if cls is None:
            return {"raises": "no such class"}
        tensors = load_file(folder / "model.safetensors")
        return outcome(
            lambda: cls.from_pretrained(folder, output_loading_info=True), tensors, ends(stored)
        ) | {"text": text}


def ends(stored: dict[str, Any]) -> list[str]:
    """Head and embedding, by their names in the model."""
    embedding = next((name for name in stored if "embed_tokens" in name), "model.embed_tokens.weight")
    return ["lm_head.weight", embedding]


if __name__ == "__main__":
    sys.exit(main())
