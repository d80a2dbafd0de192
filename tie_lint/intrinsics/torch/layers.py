"""The layers of ``torch.nn``: which parameters each one has, and their shapes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from tie_lint.interpreter.base_values import External, Unknown, Value
from tie_lint.interpreter.spot import here
from tie_lint.interpreter.symbols import Symbol
from tie_lint.interpreter.values import Module, Param, Tensor, storage_of
from tie_lint.intrinsics.torch.layer_classes import canonical

Arguments: TypeAlias = dict[str, Value]
Maker: TypeAlias = Callable[[Module, Arguments], None]


def construct(module: Module, layer: str, args: Sequence[Value], kwargs: Arguments) -> None:
    """Run the ``__init__`` of a layer on a module: give it its parameters and sizes."""
    names, defaults, maker = _signature(canonical(layer))
    maker(module, {**defaults, **dict(zip(names, args, strict=False)), **kwargs})


@functools.lru_cache(maxsize=1024)
def _signature(layer: str) -> tuple[tuple[str, ...], Arguments, Maker]:
    """The parameters of a layer, what each one is where nothing is given, and the maker."""
    entries, maker = SIGNATURES.get(layer, ((), _opaque(layer)))
    defaults: Arguments = {
        name: Unknown(f"{layer} without {name}") if default is _REQUIRED else default
        for name, default in ((entry, _REQUIRED) if isinstance(entry, str) else entry for entry in entries)
    }
    return tuple(defaults), defaults, maker


_REQUIRED = object()


def _set(module: Module, **values: Value) -> None:
    """Set what a layer makes of its arguments: numbers, which an unknown is taken for, and parameters."""
    for name, value in values.items():
        is_number = isinstance(value, Unknown) and value.module
        module.attrs[name] = Unknown(value.why) if is_number else value


def _truthy(value: Value) -> bool:
    return bool(value) if not isinstance(value, Unknown) else True


def _bias(module: Module, given: Arguments, size: Value) -> None:
    flag = given["bias"]
    if isinstance(flag, Unknown):
        module.attrs["bias"] = Unknown(flag.why)
    else:
        module.attrs["bias"] = Param((size,)) if flag else None


def _linear(module: Module, given: Arguments) -> None:
    inputs, outputs = given["in_features"], given["out_features"]
    _set(module, in_features=inputs, out_features=outputs, weight=Param((outputs, inputs)))
    _bias(module, given, outputs)


def _bilinear(module: Module, given: Arguments) -> None:
    one, two, out = given["in1_features"], given["in2_features"], given["out_features"]
    _set(module, in1_features=one, in2_features=two, out_features=out, weight=Param((out, one, two)))
    _bias(module, given, out)


def _embedding(module: Module, given: Arguments) -> None:
    count, size = given["num_embeddings"], given["embedding_dim"]
    given_weight = given["_weight"]
    is_given = isinstance(given_weight, (Param, Tensor))
    weight = Param((count, size), storage=storage_of(given_weight) if is_given else None)
    _set(module, num_embeddings=count, embedding_dim=size, padding_idx=given["padding_idx"], weight=weight)


def _layer_norm(module: Module, given: Arguments) -> None:
    shape = given["normalized_shape"]
    dims = tuple(shape) if isinstance(shape, (list, tuple)) else (shape,)
    affine = _truthy(given["elementwise_affine"])
    _set(module, normalized_shape=dims, weight=Param(dims) if affine else None, eps=given["eps"])
    if "bias" in given:
        module.attrs["bias"] = Param(dims) if affine and _truthy(given["bias"]) else None


def _batch_norm(module: Module, given: Arguments) -> None:
    size = given["num_features"]
    affine = _truthy(given["affine"])
    _set(module, num_features=size, eps=given["eps"])
    _set(module, weight=Param((size,)) if affine else None, bias=Param((size,)) if affine else None)
    if _truthy(given["track_running_stats"]):
        _set(module, running_mean=Tensor((size,), buffer=True), running_var=Tensor((size,), buffer=True))
        _set(module, num_batches_tracked=Tensor((), buffer=True))


def _group_norm(module: Module, given: Arguments) -> None:
    size = given["num_channels"]
    affine = _truthy(given["affine"])
    _set(module, num_channels=size, num_groups=given["num_groups"], eps=given["eps"])
    _set(module, weight=Param((size,)) if affine else None, bias=Param((size,)) if affine else None)


def _conv(dimensions: int) -> Maker:
    """Make a convolution, which has a size for each dimension."""

    def make(module: Module, given: Arguments) -> None:
        inputs, outputs, groups = given["in_channels"], given["out_channels"], given["groups"]
        _set(module, in_channels=inputs, out_channels=outputs, groups=groups)
        for name in ("kernel_size", "stride", "padding", "dilation"):
            _set(module, **{name: _for_each(given[name], dimensions)})
        module.attrs["weight"] = Param(None)
        _bias(module, given, outputs)

    return make


def _for_each(size: Value, dimensions: int) -> Value:
    """A size for each dimension, of one for all or of those for each."""
    if isinstance(size, (int, Symbol)):
        return (size,) * dimensions
    return tuple(size) if isinstance(size, list) else size


def _dropout(module: Module, given: Arguments) -> None:
    _set(module, p=given["p"], inplace=given["inplace"])


def _attention(module: Module, given: Arguments) -> None:
    size = given["embed_dim"]
    kdim, vdim = given["kdim"], given["vdim"]
    same = kdim in (None, size) and vdim in (None, size)
    _set(module, embed_dim=size, num_heads=given["num_heads"])
    if same:
        _set(module, in_proj_weight=Param(None), q_proj_weight=None, k_proj_weight=None, v_proj_weight=None)
    else:
        _set(module, q_proj_weight=Param(None), k_proj_weight=Param(None), v_proj_weight=Param(None))
        module.attrs["in_proj_weight"] = None
    module.attrs["in_proj_bias"] = Param(None) if _truthy(given["bias"]) else None
    out = Module(External("torch.nn.Linear"))
    construct(out, "torch.nn.Linear", [size, size], {"bias": given["bias"]})
    module.attrs["out_proj"] = out
    extra = Param(None) if _truthy(given["add_bias_kv"]) else None
    _set(module, bias_k=extra, bias_v=Param(None) if extra else None)


def _recurrent(module: Module, given: Arguments) -> None:
    layers, hidden = given["num_layers"], given["hidden_size"]
    _set(module, input_size=given["input_size"], hidden_size=hidden, num_layers=layers)
    if not isinstance(layers, int):
        module.opaque = here("a recurrent layer of unknown depth")
        return
    for layer in range(layers):
        for suffix in ("", "_reverse") if given["bidirectional"] is True else ("",):
            kinds = ["weight_ih", "weight_hh", *(["bias_ih", "bias_hh"] if _truthy(given["bias"]) else [])]
            if given["proj_size"]:
                kinds.append("weight_hr")
            for kind in kinds:
                module.attrs[f"{kind}_l{layer}{suffix}"] = Param(None)


def _cell(gates: int) -> Maker:
    """Make one step of a recurrent layer: its matrices hold that many gates (``nn/modules/rnn.py``)."""

    def make(module: Module, given: Arguments) -> None:
        inputs, hidden = given["input_size"], given["hidden_size"]
        rows = gates * hidden if isinstance(hidden, int) else Unknown("the gates of a cell")
        _set(module, input_size=inputs, hidden_size=hidden)
        _set(module, weight_ih=Param((rows, inputs)), weight_hh=Param((rows, hidden)))
        biased = _truthy(given["bias"])
        _set(module, bias_ih=Param((rows,)) if biased else None, bias_hh=Param((rows,)) if biased else None)

    return make


def _lazily(maker: Maker, size: str) -> Maker:
    """Make a layer that learns one of its sizes from its first input."""

    def make(module: Module, given: Arguments) -> None:
        maker(module, {**given, size: Unknown("a size that the first input sets")})

    return make


def _adaptive_softmax(module: Module, given: Arguments) -> None:
    """Make a head over the frequent classes, and two projections for each cluster of rare ones."""
    inputs, cutoffs = given["in_features"], given["cutoffs"]
    head, tail = Module(External("torch.nn.Linear")), Module(External("torch.nn.ModuleList"))
    construct(head, "torch.nn.Linear", [inputs, Unknown("a short list")], {"bias": given["head_bias"]})
    if isinstance(cutoffs, (list, tuple)):
        for number in range(len(cutoffs)):
            pair = Module(External("torch.nn.Sequential"))
            for position in "01":
                pair.attrs[position] = Module(External("torch.nn.Linear"))
                construct(pair.attrs[position], "torch.nn.Linear", [], {"bias": False})
            tail.attrs[str(number)] = pair
    else:
        tail.opaque = here("clusters of an unknown number")
    _set(module, head=head, tail=tail)


def _prelu(module: Module, given: Arguments) -> None:
    module.attrs["weight"] = Param((given["num_parameters"],))


def _plain(module: Module, given: Arguments) -> None:
    """A layer without parameters."""


def _opaque(name: str) -> Maker:
    def make(module: Module, given: Arguments) -> None:
        if name not in _WITHOUT_PARAMETERS and not name.endswith(_WITHOUT_PARAMETERS_ENDINGS):
            module.opaque = here(f"torch.nn.{name} is not modelled")

    return make


_CONV: tuple[Any, ...] = (
    "in_channels",
    "out_channels",
    "kernel_size",
    ("stride", 1),
    ("padding", 0),
    ("dilation", 1),
    ("groups", 1),
    ("bias", True),
)
_CONV_TRANSPOSE: tuple[Any, ...] = (
    *_CONV[:5],
    ("output_padding", 0),
    ("groups", 1),
    ("bias", True),
    ("dilation", 1),
)
_NORM: tuple[Any, ...] = (
    "num_features",
    ("eps", 1e-5),
    ("momentum", 0.1),
    ("affine", True),
    ("track_running_stats", True),
)
_RECURRENT: tuple[Any, ...] = (
    "input_size",
    "hidden_size",
    ("num_layers", 1),
    ("bias", True),
    ("batch_first", False),
    ("dropout", 0.0),
    ("bidirectional", False),
    ("proj_size", 0),
)

_DROPOUTS = ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout")

_CELL: tuple[Any, ...] = ("input_size", "hidden_size", ("bias", True))

SIGNATURES: dict[str, tuple[tuple[Any, ...], Maker]] = {
    "Module": ((), _plain),
    "Identity": ((), _plain),
    "Linear": (("in_features", "out_features", ("bias", True)), _linear),
    "Bilinear": (("in1_features", "in2_features", "out_features", ("bias", True)), _bilinear),
    "Embedding": (
        (
            "num_embeddings",
            "embedding_dim",
            ("padding_idx", None),
            ("max_norm", None),
            ("norm_type", 2.0),
            ("scale_grad_by_freq", False),
            ("sparse", False),
            ("_weight", None),
        ),
        _embedding,
    ),
    "EmbeddingBag": (
        ("num_embeddings", "embedding_dim", ("padding_idx", None), ("_weight", None)),
        _embedding,
    ),
    "LayerNorm": (
        ("normalized_shape", ("eps", 1e-5), ("elementwise_affine", True), ("bias", True)),
        _layer_norm,
    ),
    "RMSNorm": (("normalized_shape", ("eps", None), ("elementwise_affine", True)), _layer_norm),
    "GroupNorm": (("num_groups", "num_channels", ("eps", 1e-5), ("affine", True)), _group_norm),
    **{f"BatchNorm{n}d": (_NORM, _batch_norm) for n in (1, 2, 3)},
    "SyncBatchNorm": (_NORM, _batch_norm),
    **{
        f"InstanceNorm{n}d": ((*_NORM[:3], ("affine", False), ("track_running_stats", False)), _batch_norm)
        for n in (1, 2, 3)
    },
    **{f"Conv{n}d": (_CONV, _conv(n)) for n in (1, 2, 3)},
    **{f"ConvTranspose{n}d": (_CONV_TRANSPOSE, _conv(n)) for n in (1, 2, 3)},
    "MultiheadAttention": (
        (
            "embed_dim",
            "num_heads",
            ("dropout", 0.0),
            ("bias", True),
            ("add_bias_kv", False),
            ("add_zero_attn", False),
            ("kdim", None),
            ("vdim", None),
        ),
        _attention,
    ),
    "LSTM": (_RECURRENT, _recurrent),
    "GRU": (_RECURRENT, _recurrent),
    "RNN": (_RECURRENT, _recurrent),
    "LSTMCell": (_CELL, _cell(4)),
    "GRUCell": (_CELL, _cell(3)),
    "RNNCell": (_CELL, _cell(1)),
    **dict.fromkeys(
        ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"),
        ((("p", 0.5), ("inplace", False)), _dropout),
    ),
    "PReLU": ((("num_parameters", 1),), _prelu),
    "LazyLinear": (("out_features", ("bias", True)), _lazily(_linear, "in_features")),
    **{f"LazyConv{n}d": (_CONV[1:], _lazily(_conv(n), "in_channels")) for n in (1, 2, 3)},
    **{f"LazyConvTranspose{n}d": (_CONV_TRANSPOSE[1:], _lazily(_conv(n), "in_channels")) for n in (1, 2, 3)},
    **{f"LazyBatchNorm{n}d": (_NORM[1:], _lazily(_batch_norm, "num_features")) for n in (1, 2, 3)},
    "AdaptiveLogSoftmaxWithLoss": (
        ("in_features", "n_classes", "cutoffs", ("div_value", 4.0), ("head_bias", False)),
        _adaptive_softmax,
    ),
}
"""Constructor parameters (a name, or one with its default) and the maker, from torch 2.13 ``nn/modules``."""

_WITHOUT_PARAMETERS = frozenset(
    {"ReLU", "ReLU6", "GELU", "SiLU", "Mish", "Sigmoid", "Tanh", "Softmax", "LogSoftmax"}
    | {"Softplus", "Softmax2d", "Hardtanh", "Hardswish", "Hardsigmoid", "ELU", "CELU", "SELU"}
    | {"GLU", "LeakyReLU", "LogSigmoid", "Threshold", "Tanhshrink", "Softsign", "Softshrink"}
    | {"Hardshrink", "Flatten", "Unflatten", "Upsample", "UpsamplingNearest2d"}
    | {"UpsamplingBilinear2d", "PixelShuffle", "PixelUnshuffle", "Fold", "Unfold"}
    | {"RReLU", "Softmin", "CrossMapLRN2d", "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d"}
    | {"CosineSimilarity", "PairwiseDistance", "ChannelShuffle", "LocalResponseNorm"}
)
_WITHOUT_PARAMETERS_ENDINGS = (
    "Loss",
    "Pool1d",
    "Pool2d",
    "Pool3d",
    "Pad1d",
    "Pad2d",
    "Pad3d",
)
