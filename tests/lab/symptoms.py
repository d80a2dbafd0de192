"""What the library really says of the models on docs/symptoms.md: `python -m tests.lab.symptoms`.

Run with an installed release of transformers and torch; each text has to be what building, saving, loading or
resizing the model raises or logs in that release. Only the models in docs/symptoms/ are imported.
"""

from __future__ import annotations

import importlib.util
import io
import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

MODELS = Path(__file__).parents[2] / "docs" / "symptoms"
SIZES = {
    "vocab_size": 32,
    "hidden_size": 8,
    "intermediate_size": 8,
    "num_hidden_layers": 1,
    "num_attention_heads": 1,
    "num_key_value_heads": 1,
    "head_dim": 8,
    "pad_token_id": 0,
}


class Symptom(NamedTuple):
    """What people see, and the rule that tells why."""

    model: str
    major: int
    """The major release of transformers that it is seen in."""
    text: str
    code: str


SYMPTOMS = [
    Symptom("shared_tensors", 4, "The weights trying to be saved contained shared tensors", "TIE004"),
    Symptom("list_of_keys", 5, "'list' object has no attribute 'keys'", "TIE301"),
    Symptom("newly_initialized", 4, "newly initialized: ['head.weight']", "TIE001"),
    Symptom("no_post_init", 5, "object has no attribute 'all_tied_weights_keys'", "TIE005"),
    Symptom("tie_weights", 5, "got an unexpected keyword argument 'recompute_mapping'", "TIE303"),
    Symptom("helper", 5, "object has no attribute '_tie_or_clone_weights'", "TIE006"),
    Symptom("wrong_source", 5, "AcmeForCausalLM has no attribute `transformer`", "TIE102"),
    Symptom("no_input_embeddings", 5, "`get_input_embeddings` not auto\u2011handled", "TIE002"),
]


def seen(path: Path) -> str:
    """Return what the library raises and logs over a model that is built, saved, loaded and resized."""
    from transformers import GemmaConfig, GemmaModel

    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    cls: Any = getattr(module, "AcmeForCausalLM", None) or module.AcmeModel
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    logging.getLogger("transformers").addHandler(handler)

    def attempt(step: Callable[[], Any]) -> Any:
        try:
            return step()
        except Exception as error:
            said.write(f"{type(error).__name__}: {error}\n")
            return None

    model = attempt(lambda: cls(GemmaConfig(**SIZES)))
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as of_backbone:
        if model is not None:
            attempt(lambda: model.save_pretrained(folder))
            attempt(lambda: cls.from_pretrained(folder))
            attempt(lambda: model.resize_token_embeddings(40))
        GemmaModel(GemmaConfig(**SIZES)).save_pretrained(of_backbone)
        attempt(lambda: cls.from_pretrained(of_backbone))
    logging.getLogger("transformers").removeHandler(handler)
    return said.getvalue()


def main() -> int:
    """Print each symptom of this release, and whether it was seen; 1 where one was not."""
    import transformers

    major = int(transformers.__version__.partition(".")[0])
    missed = 0
    for symptom in SYMPTOMS:
        if symptom.major == major:
            there = symptom.text in seen(MODELS / f"{symptom.model}.py")
            missed += not there
            print(f"{transformers.__version__} {symptom.model}: {'seen' if there else 'NOT SEEN'}")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
