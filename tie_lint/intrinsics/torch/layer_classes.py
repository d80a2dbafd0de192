"""Which names are classes of ``torch.nn``, and what those derive from."""

from __future__ import annotations

import functools

from tie_lint.interpreter.base_values import External, Unknown, Value
from tie_lint.interpreter.register import attribute_family
from tie_lint.interpreter.roots import UNREAD_BASES
from tie_lint.library.names import NN_MODULE

_PREFIX = "torch.nn."


@functools.lru_cache(maxsize=4096)
def layer_class(name: str) -> External | None:
    """Return the class of ``torch.nn`` that a dotted name means, under its shortest name; None where it is
    none.
    """
    return External(_PREFIX + canonical(name)) if is_layer(name) else None


def is_layer(name: str) -> bool:
    """Return whether a dotted name is a class of ``torch.nn``."""
    return name.startswith(_PREFIX) and name not in _NOT_LAYERS and canonical(name)[:1].isupper()


@attribute_family(_PREFIX)
def _of_layer(name: str, attribute: str) -> Value | None:
    """Where a class of ``torch.nn`` is defined: in which of its files has never mattered."""
    if attribute != "__module__" or not is_layer(name):
        return None
    return Unknown(f"{name}.__module__", ends=(_PREFIX, ""))


@UNREAD_BASES.append
def _base_of_layer(name: str) -> str | None:
    return NN_MODULE if name != NN_MODULE and is_layer(name) else None


@UNREAD_BASES.append
def _second_base_of_layer(name: str) -> str | None:
    """What a layer derives from beside ``nn.Module``, of what is asked for by ``isinstance``."""
    if not is_layer(name):
        return None
    kind = canonical(name).removeprefix("Lazy").rstrip("123d")
    return _SECOND_BASES.get(kind) or _SECOND_BASES.get(canonical(name))


_SECOND_BASES = {
    **dict.fromkeys(("Conv", "ConvTranspose"), "torch.nn.modules.conv._ConvNd"),
    **dict.fromkeys(("BatchNorm", "SyncBatchNorm"), "torch.nn.modules.batchnorm._BatchNorm"),
    "InstanceNorm": "torch.nn.modules.instancenorm._InstanceNorm",
    **dict.fromkeys(("Dropout", "AlphaDropout"), "torch.nn.modules.dropout._DropoutNd"),
    **dict.fromkeys(("LSTM", "GRU", "RNN"), "torch.nn.RNNBase"),
    **dict.fromkeys(("LSTMCell", "GRUCell", "RNNCell"), "torch.nn.RNNCellBase"),
    "ReLU6": "torch.nn.Hardtanh",
}

_NOT_LAYERS = frozenset(
    f"torch.nn.{name}"
    for name in ["Parameter", "parameter.Parameter", "UninitializedParameter", "Buffer", "parameter.Buffer"]
)


def canonical(name: str) -> str:
    """Return the short name of a class, ``torch.nn.modules.linear.Linear`` → ``Linear``, and others as they
    are."""
    return name.rpartition(".")[2] if name.startswith(_PREFIX) else name
