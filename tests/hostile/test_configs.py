"""A config.json with values that its model cannot have."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.folders import EMBEDDING, HEAD, SMALL, Stored, write_folder
from tests.hostile.bounded import MAPPING, bounded


@pytest.mark.parametrize("command", ["check", "explain"])
@pytest.mark.parametrize(
    "config",
    [
        {"hidden_size": [1, 2]},
        {"hidden_size": {"a": 1}},
        {"vocab_size": float("inf")},
        {"vocab_size": float("nan")},
        {"num_hidden_layers": 10**8},
        {"num_hidden_layers": -(10**4_000)},
        {"tie_word_embeddings": "\ud800"},
        {"architectures": ["\x1b[31m" + "A" * 10_000]},
        {"architectures": [None, {}, 1e300]},
        {"auto_map": {"AutoModel": "../../x.Y", "AutoConfig": ["a", None, {}], "AutoModelForCausalLM": 5}},
        {"transformers_version": "1!0+\ud800"},
    ],
    ids=lambda config: next(iter(config)),
)
def test_odd_values_cost_nothing_but_answers(tmp_path: Path, config: dict[str, object], command: str) -> None:
    stored = {EMBEDDING: Stored([100, 16]), HEAD: Stored([100, 16])}
    write_folder(tmp_path, json.dumps({**SMALL, **config}), stored)
    ended = bounded(command, ".", "--isolated", "--transformers", MAPPING, cwd=tmp_path)
    assert ended.code in (0, 1) and ended.told_without_traceback(), ended.err
    assert all(len(line) < 1_000 for line in ended.err.splitlines())
