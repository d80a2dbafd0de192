"""The parameters of torch's layers. The expected ones were printed by torch 2.13."""

from __future__ import annotations

import pytest

from tie_lint.interpreter.base_values import External
from tie_lint.interpreter.values import Module, Param
from tie_lint.intrinsics.torch.layers import construct

CELLS = {
    "LSTMCell": [("bias_hh", (20,)), ("bias_ih", (20,)), ("weight_hh", (20, 5)), ("weight_ih", (20, 3))],
    "GRUCell": [("bias_hh", (15,)), ("bias_ih", (15,)), ("weight_hh", (15, 5)), ("weight_ih", (15, 3))],
    "RNNCell": [("bias_hh", (5,)), ("bias_ih", (5,)), ("weight_hh", (5, 5)), ("weight_ih", (5, 3))],
}


def parameters(layer: str, *args: object, **kwargs: object) -> list[tuple[str, object]]:
    module = Module(External(f"torch.nn.{layer}"))
    construct(module, f"torch.nn.{layer}", args, kwargs)
    assert module.opaque is None
    return sorted((name, value.shape) for name, value in module.attrs.items() if isinstance(value, Param))


@pytest.mark.parametrize("layer", CELLS)
def test_cells(layer: str) -> None:
    assert parameters(layer, 3, 5) == CELLS[layer]
    assert parameters(layer, 3, 5, bias=False) == [item for item in CELLS[layer] if "weight" in item[0]]
