"""Record what PEFT makes of a tie, in each way that an adapter can touch it.

    python -m tests.lab.loading.record_peft

Run it with the Python of an environment that holds the release, and ``peft``.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import peft
import torch
import transformers
from safetensors import safe_open

from tests.folders import SMALL
from tests.lab.loading.peft_records import CASES, KEPT, RECORD, records
from tests.lab.truth.observe import quieten

TOKENS = torch.tensor([[1, 2, 3]])


def main() -> int:
    """Record all cases; see the module docstring."""
    quieten()
    known = records() if RECORD.exists() else {}
    found = {name: observed(dict(case)) for name, case in CASES.items()}
    known[transformers.__version__] = {"peft": peft.__version__, "cases": found}
    RECORD.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


def observed(case: dict[str, Any]) -> dict[str, Any]:
    """Train an adapter of a tied model, save it, and merge it."""
    torch.manual_seed(0)
    config = transformers.LlamaConfig(**SMALL, tie_word_embeddings=True)
    model = peft.get_peft_model(transformers.LlamaForCausalLM(config), peft.LoraConfig(r=2, **case))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                parameter.add_(2.0 if "lm_head" in name else 1.0)
    before = model(TOKENS).logits.detach()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.save_pretrained(folder)
        saved = json.loads((Path(folder) / "adapter_config.json").read_text(encoding="utf-8"))
        with safe_open(Path(folder) / "adapter_model.safetensors", "pt") as file:
            stored = {name: list(file.get_slice(name).get_shape()) for name in sorted(file.keys())}
        merged = model.merge_and_unload()
    return {
        "adapter_config": {
            key: sorted(saved[key]) if isinstance(saved[key], list) else saved[key]
            for key in KEPT
            if key in saved
        },
        "stored": stored,
        "merged as trained": torch.allclose(before, merged(TOKENS).logits, atol=1e-4),
        "tied once merged": merged.lm_head.weight is merged.model.embed_tokens.weight,
        "config once merged": merged.config.tie_word_embeddings,
    }


if __name__ == "__main__":
    sys.exit(main())
