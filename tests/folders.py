"""Model folders for tests: config.json and a checkpoint, from the rules' pages or of one's own."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.checkpoint.writing import write_tensors

_JSON = re.compile(r"^```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TENSORS = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TENSOR = re.compile(r"(?P<name>\S+) \[(?P<shape>[\d, ]*)\](?: = (?P<same>\S+))?")

SMALL = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "vocab_size": 100,
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
}
"""A config.json of a small model that says nothing about ties."""

EMBEDDING, HEAD = "model.embed_tokens.weight", "lm_head.weight"


class Stored(NamedTuple):
    """A tensor: its shape, and the one whose values it has."""

    shape: Sequence[int]
    same: str | None = None


def write_folder(folder: Path, config: Mapping[str, Any] | str, tensors: Mapping[str, Stored] | None) -> Path:
    """Write config.json and, unless there are none, the tensors, each with values of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    text = config if isinstance(config, str) else json.dumps(config, indent=2)
    (folder / "config.json").write_text(text, encoding="utf-8")
    if tensors is not None:
        names = list(tensors)
        content = {}
        for name, (shape, same) in tensors.items():
            fill = bytes([0, 0, names.index(same or name) + 1, 63])
            content[name] = ("F32", shape, fill * math.prod(shape))
        write_tensors(folder / "model.safetensors", content)
    return folder


def write_page(folder: Path, text: str) -> Path:
    """Write the folder that a part of a rule's page shows: of a model, or of an adapter beside its model."""
    config, tensors = read_page(text)
    write_folder(folder, config, tensors)
    adapter = _JSON.findall(text)[1:]
    if adapter:
        (folder / "adapter_config.json").write_text(adapter[0], encoding="utf-8")
        (folder / "model.safetensors").rename(folder / "adapter_model.safetensors")
    return folder


def read_page(text: str) -> tuple[str, dict[str, Stored]]:
    """The config.json and the tensors that a rule's page shows."""
    config, tensors = _JSON.search(text), _TENSORS.search(text)
    assert config is not None and tensors is not None
    found = {
        match["name"]: Stored([int(size) for size in match["shape"].split(",") if size], match["same"])
        for match in _TENSOR.finditer(tensors[1])
    }
    return config[1], found
