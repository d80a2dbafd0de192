"""Layers of ``torch.nn`` that are made of other layers: ``Transformer`` and its parts."""

from __future__ import annotations

from tie_lint.interpreter.base_values import External, Unknown, Value
from tie_lint.interpreter.spot import here
from tie_lint.interpreter.values import Module
from tie_lint.intrinsics.stdlib.copying import copied_module
from tie_lint.intrinsics.torch.layers import SIGNATURES, Arguments, construct


def _layer(name: str, *args: Value, **kwargs: Value) -> Module:
    """Return a new layer of ``torch.nn``."""
    module = Module(External(f"torch.nn.{name}"))
    construct(module, f"torch.nn.{name}", args, kwargs)
    return module


def _encoder_layer(module: Module, given: Arguments) -> None:
    _block(module, given, ["self_attn"], norms=2)


def _decoder_layer(module: Module, given: Arguments) -> None:
    _block(module, given, ["self_attn", "multihead_attn"], norms=3)


def _block(module: Module, given: Arguments, attentions: list[str], norms: int) -> None:
    size, inner, bias = given["d_model"], given["dim_feedforward"], given["bias"]
    for name in attentions:
        module.attrs[name] = _layer("MultiheadAttention", size, given["nhead"], bias=bias)
    module.attrs["linear1"] = _layer("Linear", size, inner, bias=bias)
    module.attrs["dropout"] = _layer("Dropout")
    module.attrs["linear2"] = _layer("Linear", inner, size, bias=bias)
    for number in range(1, norms + 1):
        module.attrs[f"norm{number}"] = _layer("LayerNorm", size, bias=bias)
    for number in range(1, norms + 1):
        module.attrs[f"dropout{number}"] = _layer("Dropout")


def _encoder(module: Module, given: Arguments) -> None:
    _stack(module, given["encoder_layer"], given)


def _decoder(module: Module, given: Arguments) -> None:
    _stack(module, given["decoder_layer"], given)


def _stack(module: Module, layer: Value, given: Arguments) -> None:
    """Copy a layer as often as it is asked for. The original is no part of the stack."""
    count, layers = given["num_layers"], Module(External("torch.nn.ModuleList"))
    if isinstance(layer, Module) and isinstance(count, int):
        layers.attrs.update({str(number): copied_module(layer, {}) for number in range(count)})
    else:
        layers.opaque = here("copies of a layer, and it is unknown of which or how many")
    module.attrs.update(layers=layers, num_layers=count, norm=given["norm"])


def _transformer(module: Module, given: Arguments) -> None:
    for kind in ("encoder", "decoder"):
        custom = given[f"custom_{kind}"]
        module.attrs[kind] = _part(kind, given) if custom is None else custom
    module.attrs.update(d_model=given["d_model"], nhead=given["nhead"])


def _part(kind: str, given: Arguments) -> Value:
    title, bias = f"Transformer{kind.title()}", given["bias"]
    layer = _layer(f"{title}Layer", given["d_model"], given["nhead"], given["dim_feedforward"], bias=bias)
    norm = _layer("LayerNorm", given["d_model"], bias=bias)
    return _layer(title, layer, given[f"num_{kind}_layers"], norm)


_RATES: tuple[tuple[str, Value], ...] = (
    ("dropout", 0.1),
    ("activation", Unknown("an activation")),
)
_KINDS: tuple[tuple[str, Value], ...] = (
    ("layer_norm_eps", 1e-5),
    ("batch_first", False),
    ("norm_first", False),
    ("bias", True),
)
_LAYER = ("d_model", "nhead", ("dim_feedforward", 2048), *_RATES, *_KINDS)

SIGNATURES.update(
    {
        "TransformerEncoderLayer": (_LAYER, _encoder_layer),
        "TransformerDecoderLayer": (_LAYER, _decoder_layer),
        "TransformerEncoder": (("encoder_layer", "num_layers", ("norm", None)), _encoder),
        "TransformerDecoder": (("decoder_layer", "num_layers", ("norm", None)), _decoder),
        "Transformer": (
            (
                ("d_model", 512),
                ("nhead", 8),
                ("num_encoder_layers", 6),
                ("num_decoder_layers", 6),
                ("dim_feedforward", 2048),
                *_RATES,
                ("custom_encoder", None),
                ("custom_decoder", None),
                *_KINDS,
            ),
            _transformer,
        ),
    }
)
