"""A model class's config cut down until the model with real weights is a matter of milliseconds."""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

from typing import Any

WIDTH, HALF_WIDTH, HEADS, LAYERS = 32, 16, 4, 2

SIZES: dict[str, int] = {
    **dict.fromkeys(("hidden_size", "d_model", "n_embd", "dim", "word_embed_proj_dim"), WIDTH),
    **dict.fromkeys(("head_dim", "d_kv"), WIDTH // HEADS),
    **dict.fromkeys(("num_attention_heads", "encoder_attention_heads", "decoder_attention_heads"), HEADS),
    **dict.fromkeys(("n_head", "n_heads", "num_heads", "num_key_value_heads"), HEADS),
    **dict.fromkeys(("num_hidden_layers", "encoder_layers", "decoder_layers", "n_layer", "n_layers"), LAYERS),
    **dict.fromkeys(("num_layers", "num_decoder_layers"), LAYERS),
    **dict.fromkeys(("intermediate_size", "ffn_dim", "encoder_ffn_dim", "decoder_ffn_dim"), 2 * WIDTH),
    **dict.fromkeys(("n_inner", "hidden_dim", "d_ff"), 2 * WIDTH),
}
"""The names under which configs keep their sizes, and what these become where they are set at all."""

FALLBACK_VOCABULARY = 64
"""For a config that leaves its vocabulary to the tokenizer."""


def tiny_config(cls: Any) -> Any:
    """The class's config, small enough to be built on the CPU; the vocabulary stays as it is.

    An embedding that is narrower than the model by default is narrower here too.
    """
    config = cls.config_class()
    smaller = {name: size for name, size in SIZES.items() if isinstance(getattr(config, name, None), int)}
    width = getattr(config, "embedding_size", None)
    if isinstance(width, int):
        smaller["embedding_size"] = WIDTH if width == config.hidden_size else HALF_WIDTH
    if getattr(config, "vocab_size", 0) is None:
        smaller["vocab_size"] = FALLBACK_VOCABULARY
    return cls.config_class(**smaller)
