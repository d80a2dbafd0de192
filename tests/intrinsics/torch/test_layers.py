"""The parameters of torch's layers. The expected ones were printed by torch 2.13."""

from __future__ import annotations

import pytest

from tests.tiny_models import ties
from tie_lint.interpreter.base_values import External, Unknown
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch import transformer_layers  # noqa: F401  (it adds to the layers)
from tie_lint.intrinsics.torch.layers import construct
from tie_lint.intrinsics.torch.module_tree import holes, named_parameters

CELLS = {
    "LSTMCell": [("bias_hh", (20,)), ("bias_ih", (20,)), ("weight_hh", (20, 5)), ("weight_ih", (20, 3))],
    "GRUCell": [("bias_hh", (15,)), ("bias_ih", (15,)), ("weight_hh", (15, 5)), ("weight_ih", (15, 3))],
    "RNNCell": [("bias_hh", (5,)), ("bias_ih", (5,)), ("weight_hh", (5, 5)), ("weight_ih", (5, 3))],
}


def made(layer: str, *args: object, **kwargs: object) -> Module:
    module = Module(External(f"torch.nn.{layer}"))
    construct(module, f"torch.nn.{layer}", args, kwargs)
    return module


def parameters(layer: str, *args: object, **kwargs: object) -> list[tuple[str, object]]:
    module = made(layer, *args, **kwargs)
    assert module.opaque is None
    return sorted((name, value.shape) for name, value in module.attrs.items() if isinstance(value, Param))


@pytest.mark.parametrize("layer", CELLS)
def test_cells(layer: str) -> None:
    assert parameters(layer, 3, 5) == CELLS[layer]
    assert parameters(layer, 3, 5, bias=False) == [item for item in CELLS[layer] if "weight" in item[0]]


ATTENTION = ["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"]
ENCODER_LAYER = [
    *(f"self_attn.{name}" for name in ATTENTION),
    *(f"{layer}.{name}" for layer in ("linear1", "linear2", "norm1", "norm2") for name in ("weight", "bias")),
]
DECODER_LAYER = [
    *ENCODER_LAYER,
    *(f"multihead_attn.{name}" for name in ATTENTION),
    *("norm3.weight", "norm3.bias"),
]


def names(module: Module) -> list[str]:
    assert holes(module) == []
    return sorted(name for name, _ in named_parameters(module))


def test_layers_of_a_transformer() -> None:
    assert names(made("TransformerEncoderLayer", 8, 2)) == sorted(ENCODER_LAYER)
    assert names(made("TransformerDecoderLayer", 8, 2)) == sorted(DECODER_LAYER)
    unbiased = [name for name in ENCODER_LAYER if not name.endswith("bias")]
    assert names(made("TransformerEncoderLayer", 8, 2, bias=False)) == sorted(unbiased)


def test_a_stack_holds_copies_of_the_layer_and_no_ties() -> None:
    layer = made("TransformerEncoderLayer", 8, 2)
    stack = made("TransformerEncoder", layer, 2)
    assert names(stack) == sorted(f"layers.{number}.{name}" for number in (0, 1) for name in ENCODER_LAYER)
    found = [parameter for _, parameter in [*named_parameters(stack), *named_parameters(layer)]]
    assert len({id(parameter) for parameter in found}) == 3 * len(ENCODER_LAYER)


def test_a_stack_of_unknown_depth_is_unknown() -> None:
    stack = made("TransformerEncoder", made("TransformerEncoderLayer", 8, 2), Unknown("a number"))
    assert [hole.text for hole in holes(stack)] == [
        "layers: copies of a layer, and it is unknown of which or how many"
    ]


def test_a_transformer() -> None:
    whole = names(made("Transformer", 8, 2, 1, 1))
    assert whole == sorted(
        [
            *(f"encoder.layers.0.{name}" for name in ENCODER_LAYER),
            *(f"decoder.layers.0.{name}" for name in DECODER_LAYER),
            *(f"{part}.norm.{name}" for part in ("encoder", "decoder") for name in ("weight", "bias")),
        ]
    )


def test_a_softmax_by_clusters() -> None:
    found = names(made("AdaptiveLogSoftmaxWithLoss", 16, 100, [10, 50], head_bias=True))
    tail = [f"tail.{cluster}.{position}.weight" for cluster in (0, 1) for position in (0, 1)]
    assert found == ["head.bias", "head.weight", *tail]


FOUND = """
self.part = nn.Linear(8, 8)
self.other = self.part if type(self.part).__module__.startswith("torch.nn") else nn.Linear(8, 8)
self.third = self.part if type(self.part).__module__.startswith("transformers.models") else None
"""


def test_where_a_layer_is_defined_is_known_as_far_as_that_is_torch() -> None:
    assert ties(FOUND) == [["other.bias", "part.bias"], ["other.weight", "part.weight"]]
