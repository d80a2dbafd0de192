"""Configs small enough that a model is made, saved and loaded in a moment."""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import transformers

ConfigBase: Any = transformers.PretrainedConfig

COUNTS = {
    **dict.fromkeys(("num_hidden_layers", "num_layers", "n_layer", "n_layers", "num_encoder_layers"), 2),
    **dict.fromkeys(("encoder_layers", "decoder_layers", "num_decoder_layers", "num_decoder_blocks"), 2),
    **dict.fromkeys(("num_experts", "num_local_experts", "n_routed_experts"), 4),
    **dict.fromkeys(("max_position_embeddings", "n_positions", "max_source_positions"), 64),
    **dict.fromkeys(("intermediate_size", "ffn_dim", "encoder_ffn_dim", "decoder_ffn_dim", "d_ff"), 64),
    **dict.fromkeys(("vocab_size", "text_vocab_size"), 99),
    "moe_intermediate_size": 32,
    "depth": 2,
}
"""What only repeats the structure, or is the size of one table."""

WIDTHS = {
    **dict.fromkeys(("hidden_size", "d_model", "n_embd", "dim", "decoder_hidden_size"), 32),
    **dict.fromkeys(("num_attention_heads", "n_head", "num_heads", "n_heads"), 4),
    **dict.fromkeys(("encoder_attention_heads", "decoder_attention_heads"), 4),
    **dict.fromkeys(("num_key_value_heads",), 2),
    **dict.fromkeys(("head_dim", "d_kv"), 8),
    **dict.fromkeys(("embed_dim", "out_hidden_size", "projection_dim"), 32),
}
"""What other sizes must agree with."""

WIDER = {name: size * 8 if size == 32 else size // 2 for name, size in WIDTHS.items()} | {"head_dim": 128}
"""The same for heads so wide that their rotary sections fit."""


def small_configs(cls: Any) -> Iterator[Any]:
    """Configs of a model class, the smallest first; some of them do not fit together."""
    for sizes in ({**COUNTS, **WIDTHS}, {**COUNTS, **WIDER}, COUNTS):
        try:
            yield _small(cls.config_class, cls.config_class(), sizes)
        except Exception:
            continue


def _small(cls: Any, default: Any, sizes: dict[str, int]) -> Any:
    given: dict[str, Any] = {}
    for name, value in vars(default).items():
        if isinstance(value, ConfigBase):
            given[name] = _small(type(value), value, sizes).to_dict()
        elif name in sizes and (
            (value is None and name == "vocab_size") or (type(value) is int and value > sizes[name])
        ):
            given[name] = sizes[name]
    for token in ("pad_token_id", "bos_token_id", "eos_token_id", "decoder_start_token_id", "image_token_id"):
        value = vars(default).get(token)
        if type(value) is int and value >= given.get("vocab_size", value + 1):
            given[token] = 1
    return cls(**given)
