"""Small tensors that decide how many layers there are."""

from __future__ import annotations

import pytest

from tests.tiny_models import ties, weights

COUNTS = {
    "linspace": "len([x.item() for x in torch.linspace(0, 1, 2)])",
    "cumsum": "torch.tensor([1, 1]).cumsum(0).tolist()[-1]",
    "cumprod": "torch.cumprod(torch.tensor([1, 2]), dim=0)[-1].item()",
    "stack and cat": "torch.cat([torch.stack([torch.ones(3), torch.ones(3)])], dim=0).shape[0]",
    "broadcast": "(torch.zeros(2, 1) - torch.zeros(1, 5)).argmin(dim=1).shape[0]",
    "an index by a tensor": "torch.zeros(9, 4)[torch.zeros(2).long()].shape[0]",
    "slices": "len(torch.zeros(3, 4)[:-1])",
    "arange": "torch.arange(2).numel()",
    "arithmetic": "int((torch.tensor([1]) * 4 / 2).sum().item())",
    "argsort": "np.argsort([32, 16, 8]).tolist()[0]",
    "a parameter's shape": "nn.Linear(4, 2).weight.shape[0]",
    "an embedding's size": "nn.Embedding(2, 4).weight.size(0)",
    "the rank": "torch.zeros(3, 4).dim()",
}


@pytest.mark.parametrize("count", COUNTS.values(), ids=COUNTS)
def test_a_count_that_a_tensor_gives(count: str) -> None:
    init = f"a = nn.Linear(8, 8, bias=False)\nself.x = nn.ModuleList([a for _ in range({count})])"
    assert ties(init, before="import numpy as np") == weights("x.0", "x.1")


@pytest.mark.parametrize("count", ["torch.rand(1).item()", "int(torch.randint(3, (1,)))"])
def test_a_count_that_nobody_knows(count: str) -> None:
    assert ties(f"a = nn.Linear(8, 8)\nself.x = nn.ModuleList([a for _ in range({count})])") is None
