"""Adapters: what they save anew, and what they change."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.checkpoint.writing import write_shapes
from tie_lint.checkpoint.adapter import Adapter
from tie_lint.checkpoint.errors import CheckpointError

HEAD, EMBEDDING = "lm_head.weight", "model.embed_tokens.weight"


def _adapter(folder: Path, config: dict[str, Any], *stored: str) -> Adapter:
    (folder / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
    if stored:
        write_shapes(folder / "adapter_model.safetensors", dict.fromkeys(stored, (1,)))
    return Adapter(folder)


@pytest.mark.parametrize(
    ("config", "stored", "treatment"),
    [
        ({"modules_to_save": ["lm_head"]}, [], ("saves", None)),
        ({"modules_to_save": ["embed_tokens"]}, [], (None, "saves")),
        ({"target_modules": ["lm_head", "q_proj"]}, [], ("targets", None)),
        ({"target_modules": r".*\.(embed_tokens|q_proj)"}, [], (None, "targets")),
        ({"target_modules": "all-linear"}, [], (None, None)),
        ({"target_modules": "("}, [], (None, None)),
        ({"target_modules": ["head"]}, [], (None, None)),
        ({}, ["base_model.model.lm_head.weight"], ("saves", None)),
        ({}, ["base_model.model.lm_head.modules_to_save.weight"], ("saves", None)),
        ({}, ["base_model.model.model.embed_tokens.lora_embedding_A"], (None, "targets")),
        ({}, ["base_model.model.lm_head.lora_A.weight"], ("targets", None)),
        ({}, ["base_model.model.model.layers.0.q_proj.lora_A.weight"], (None, None)),
        ({"modules_to_save": None, "target_modules": [7]}, [], (None, None)),
    ],
)
def test_what_is_done_to_head_and_embedding(
    tmp_path: Path, config: dict[str, Any], stored: list[str], treatment: tuple[str | None, str | None]
) -> None:
    adapter = _adapter(tmp_path, config, *stored)
    assert (_treatment(adapter, HEAD), _treatment(adapter, EMBEDDING)) == treatment


def test_a_file_that_is_no_adapter_is_told(tmp_path: Path) -> None:
    adapter = _adapter(tmp_path, {})
    (tmp_path / "adapter_model.safetensors").write_bytes(b"?")
    with pytest.raises(CheckpointError, match="too short for a safetensors header"):
        _treatment(adapter, HEAD)


def _treatment(adapter: Adapter, name: str) -> str | None:
    def matches(pattern: str, whole: str) -> bool:
        try:
            return re.fullmatch(pattern, whole) is not None
        except re.error:
            return False

    return adapter.treatment(name, matches)
