"""What layers of ``torch.nn`` have: all that ``dir`` says of objects of torch 2.13 can be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tiny_models import ERAS, mapped

RECORDED: dict[str, list[str]] = json.loads(Path(__file__).with_name("layers_of_torch.json").read_text())
"""By class: arguments that make an object, and the names that it has beside those of ``nn.Module``."""

MODEL = """
class Model(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        layer = nn.LAYER
        READS
        self.a = nn.Linear(4, 4)
        self.b = self.a if (EXPRESSION) else nn.Linear(4, 4)
"""


def found(layer: str, expression: str = "True", reads: str = "pass") -> bool | str | None:
    """Whether an expression is found to hold of a layer; None where that is unknown, or the error."""
    text = MODEL.replace("LAYER", layer).replace("READS", reads).replace("EXPRESSION", expression)
    model = mapped(text, "Model", ERAS[-1])
    if model.raises is not None:
        return model.raises.text
    return None if model.ties is None else bool(model.ties)


@pytest.mark.parametrize("layer", RECORDED)
def test_all_that_it_has_can_be_read(layer: str) -> None:
    arguments, names = RECORDED[layer]
    reads = "; ".join(f"layer.{name}" for name in names.split()) or "pass"
    assert found(f"{layer}({arguments})", reads=reads) is True


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        ("Linear(2, 3)", "weights"),
        ("Linear(2, 3)", "eps"),
        ("Embedding(5, 2)", "in_features"),
        ("ReLU()", "weight"),
        ("LayerNorm(4)", "p"),
        ("ModuleList([])", "weight"),
        ("Module()", "weight"),
    ],
)
def test_what_it_has_not_raises(layer: str, name: str) -> None:
    leaf = layer.partition("(")[0]
    assert found(layer, reads=f"layer.{name}") == f"AttributeError: {leaf!r} object has no attribute {name!r}"


def test_a_class_that_derives_from_a_layer_has_the_same() -> None:
    text = """
class Norm(nn.LayerNorm):
    def __init__(self, size):
        super().__init__(size, eps=1e-3)
        self.own = self.eps if self.elementwise_affine else 0
""" + MODEL.replace("nn.LAYER", "Norm(4)").replace("READS", "layer.bias").replace("EXPRESSION", "layer.own")
    assert mapped(text, "Model", ERAS[-1]).raises is None


@pytest.mark.parametrize(
    ("layer", "expression"),
    [
        ("Dropout(0.25)", "layer.p == 0.25 and not layer.inplace"),
        ("LayerNorm(4, 1e-3)", "layer.eps == 1e-3 and layer.normalized_shape == (4,)"),
        ("GroupNorm(2, 4)", "layer.num_groups == 2"),
        ("Conv1d(1, 2, 3)", "layer.kernel_size == (3,) and layer.padding == (0,)"),
        ("Conv2d(1, 2, 3, stride=2)", "layer.kernel_size == (3, 3) and layer.stride[1] == 2"),
        ("Conv2d(1, 2, [3, 5])", "layer.kernel_size == (3, 5)"),
        ("Conv1d(1, 2, 3, padding='same')", "layer.padding == 'same'"),
        ("ConvTranspose3d(1, 2, 3)", "layer.dilation == (1, 1, 1)"),
        ("ModuleList([nn.ReLU(), nn.GELU()])", "isinstance(layer.pop(0), nn.ReLU) and len(layer) == 1"),
        ("ModuleDict({'x': nn.ReLU()})", "layer.clear() is None and len(layer) == 0"),
        ("Sequential(nn.ReLU())", "layer.set_submodule('1', nn.GELU()) is None and len(layer) == 2"),
    ],
)
def test_what_it_makes_of_its_arguments(layer: str, expression: str) -> None:
    assert found(layer, expression) is True


def test_a_size_that_nobody_knows_is_no_module() -> None:
    text = "from package import pair\n" + MODEL.replace("LAYER", "Conv2d(1, 2, kernel_size=pair(3))")
    text = text.replace("READS", "self.layer = layer").replace("EXPRESSION", "True")
    assert mapped(text, "Model", ERAS[-1]).ties is not None


@pytest.mark.parametrize(
    "expression",
    [
        "layer.weight.dtype == torch.float32",
        "layer.weight.grad is None",
        "not layer.weight.is_cuda",
        "layer.weight.requires_grad",
        "layer.weight.is_leaf",
    ],
)
def test_what_hangs_on_the_run_is_unknown(expression: str) -> None:
    assert found("Linear(2, 3)", expression) is None


@pytest.mark.parametrize(
    ("layer", "expression"),
    [
        ("Conv1d(1, 2, 3)", "isinstance(layer, nn.modules.conv._ConvNd)"),
        ("BatchNorm2d(2)", "isinstance(layer, nn.modules.batchnorm._BatchNorm)"),
        ("LSTM(2, 3)", "isinstance(layer, nn.RNNBase)"),
        ("Dropout()", "isinstance(layer, nn.modules.dropout._DropoutNd)"),
        ("ReLU6()", "isinstance(layer, nn.Hardtanh)"),
        ("Linear(2, 3)", "layer.weight.shape.numel() == 6"),
    ],
)
def test_what_it_derives_from(layer: str, expression: str) -> None:
    assert found(layer, expression) is True


@pytest.mark.parametrize(
    ("expression", "known"),
    [
        ("torch.zeros(2, 3).max(1)[0].shape == (2,)", None),
        ("torch.zeros(2, 3).min(dim=1).values.shape == (2,)", None),
        ("torch.zeros(2, 3).max().shape == ()", True),
        ("(torch.zeros(2, 3) @ torch.zeros(3, 5)).shape == (2, 5)", None),
        ("torch.FloatTensor([1, 2]).shape == (2,)", True),
        ("torch.FloatTensor(2, 3).shape == (2, 3)", True),
        ("torch.LongTensor([1, 2]).tolist() == [1, 2]", True),
    ],
)
def test_tensors(expression: str, known: bool | None) -> None:
    assert found("Identity()", expression) is known
