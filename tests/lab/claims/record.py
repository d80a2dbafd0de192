"""Record what the installed ``transformers`` does with the examples of the rules' pages.

    python -m tests.lab.claims.record

Builds the last model of each example with a tiny config and real weights, uses its head, saves and loads it,
resizes it, and loads the backbone's checkpoint into it and its own into the backbone; once as the config
stands and once each with ``tie_word_embeddings`` set to True and to False. ``test_claims`` compares this with
what the rules say.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import importlib.util
import inspect
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import PreTrainedModel

from tests.lab.claims.records import Behaviour, examples, write
from tests.lab.truth.observe import quieten, short, ties

TINY = {
    **dict.fromkeys(("vocab_size",), 40),
    **dict.fromkeys(("hidden_size", "intermediate_size"), 16),
    **dict.fromkeys(("num_attention_heads", "num_key_value_heads"), 2),
    **dict.fromkeys(("num_hidden_layers",), 1),
    "head_dim": 8,
    "pad_token_id": 0,
}
"""Sizes by the names that configs give them; those that a config does not have are left out."""


def main() -> int:
    """Record all examples; see the module docstring."""
    quieten()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        found = {
            name: [
                behaviour(last_model(Path(folder) / f"example_{number}_{kind}.py", text))
                for kind, text in (("bad", one.bad), ("good", one.good))
            ]
            for number, (name, (_, one)) in enumerate(examples().items())
        }
    write(transformers.__version__, found)
    return 0


def last_model(path: Path, text: str) -> Any:
    """The last model class that a text defines."""
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    models = [
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, PreTrainedModel) and value.__module__ == path.stem
    ]
    return models[-1]


def behaviour(cls: Any) -> Behaviour:
    """Each aspect of a class by its name; ``-if-tied`` and ``-if-untied`` with the flag forced."""
    found: Behaviour = {}
    for tied, suffix in ((None, ""), (True, "-if-tied"), (False, "-if-untied")):
        found |= {f"{name}{suffix}": value for name, value in _aspects(cls, tied).items()}
    return found


def _aspects(cls: Any, tied: bool | None) -> Behaviour:
    try:
        model = _model(cls, tied)
    except Exception as error:
        return {"build": short(error)}
    return {
        "build": "works",
        "ties": ties(model),
        "head": _outcome(lambda: _used(model.get_output_embeddings())),
        "save and load": _outcome(lambda: _reloaded(cls, model)),
        "resize": _outcome(lambda: _resized(_model(cls, tied))),
        "backbone": _outcome(lambda: _from_backbone(cls, tied)),
        "into backbone": _outcome(lambda: _into_backbone(_model(cls, tied))),
        "load without": _outcome(lambda: _loaded_without(cls, _model(cls, tied))),
        "load targets": _outcome(lambda: _loaded_targets(cls, _model(cls, tied))),
        "load own head": _outcome(lambda: _loaded_own_head(cls, tied)),
        "input": _outcome(lambda: type(model.get_input_embeddings()).__name__),
    }


def _config(cls: Any, tied: bool | None) -> Any:
    config = cls.config_class()
    for name, value in TINY.items():
        if hasattr(config, name):
            setattr(config, name, value)
    if tied is not None:
        config.tie_word_embeddings = tied
    return config


def _model(cls: Any, tied: bool | None) -> Any:
    torch.manual_seed(0)
    return cls(_config(cls, tied)).eval()


def _outcome(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:
        return short(error)


def _used(head: Any) -> Any:
    """The shape of what the head makes of a vector of the size that it was made for."""
    return None if head is None else list(head(torch.zeros(1, head.in_features)).shape)


def _reloaded(cls: Any, model: Any) -> Any:
    """The names that come back missing or changed."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.uniform_(1, 2)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        loaded, report = cls.from_pretrained(folder, output_loading_info=True)
    after = loaded.state_dict()
    changed = [name for name, value in before.items() if not torch.equal(value, after[name])]
    return {"missing": sorted(report["missing_keys"]), "changed": changed}


def _resized(model: Any) -> Any:
    """The names of what has the new number of rows after resizing."""
    rows = model.config.vocab_size + 8
    model.resize_token_embeddings(rows, mean_resizing=False)
    return sorted(name for name, value in model.state_dict().items() if len(value) == rows)


def _into_backbone(model: Any) -> Any:
    """The backbone's tensors that are missing after the model's checkpoint was loaded into it."""
    backbones = [child for child in model.children() if isinstance(child, PreTrainedModel)]
    if not backbones:
        return None
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        report = type(backbones[0]).from_pretrained(folder, output_loading_info=True)[1]
    return sorted(report["missing_keys"])


def _loaded_without(cls: Any, model: Any) -> Any:
    """What stays on the meta device where the checkpoint has neither the embedding nor the head."""
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        file = Path(folder) / "model.safetensors"
        tensors = load_file(file)
        rows = model.config.vocab_size
        save_file({name: one for name, one in tensors.items() if len(one) != rows}, file, {"format": "pt"})
        loaded = cls.from_pretrained(folder)
    return sorted(name for name, value in loaded.state_dict().items() if value.is_meta)


def _loaded_targets(cls: Any, model: Any) -> Any:
    """Which target of the mapping each source holds where the checkpoint has the targets alone, each with
    values of its own."""
    mapping = getattr(model, "all_tied_weights_keys", None) or {}
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        file = Path(folder) / "model.safetensors"
        rows = {name: torch.rand_like(model.get_parameter(name)) for name in mapping}
        stored = {name: one for name, one in load_file(file).items() if name not in mapping.values()}
        save_file({**stored, **rows}, file, {"format": "pt"})
        loaded = cls.from_pretrained(folder)
    return {
        source: [name for name, value in rows.items() if torch.equal(value, loaded.get_parameter(source))]
        for source in mapping.values()
    }


def _loaded_own_head(cls: Any, tied: bool | None) -> Any:
    """Whether a head that the checkpoint has beside the embedding is there once loaded."""
    config = _config(cls, tied)
    model = cls(config)
    rows = config.vocab_size
    heads = [
        f"{name}.weight"
        for name, part in model.named_modules()
        if isinstance(part, torch.nn.Linear) and len(part.weight) == rows
    ]
    if len(heads) != 1:
        return None
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        file = Path(folder) / "model.safetensors"
        own = torch.rand_like(model.get_parameter(heads[0]))
        save_file({**load_file(file), heads[0]: own}, file, {"format": "pt"})
        loaded = cls.from_pretrained(folder, config=config)
    return torch.equal(loaded.state_dict().get(heads[0], torch.zeros(0)), own)


def _from_backbone(cls: Any, tied: bool | None) -> Any:
    """How many of the backbone's tensors are missing after its checkpoint was loaded."""
    model = _model(cls, tied)
    backbones = [child for child in model.children() if isinstance(child, PreTrainedModel)]
    if not backbones:
        return None
    names = {f".{name}" for name in backbones[0].state_dict()}
    with tempfile.TemporaryDirectory() as folder:
        backbones[0].save_pretrained(folder)
        report = cls.from_pretrained(folder, output_loading_info=True)[1]
    return sum(any(key.endswith(name) for name in names) for key in report["missing_keys"])


if __name__ == "__main__":
    sys.exit(main())
