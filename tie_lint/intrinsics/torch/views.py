"""Which operations on tensors give another view of the same numbers, and which give a copy."""

from __future__ import annotations

from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.values import Param, Storage, Tensor, storage_of

_VIEWS = frozenset(
    {"detach", "detach_", "view", "view_as", "t", "transpose", "permute", "swapaxes", "unsqueeze", "squeeze"}
    | {"requires_grad_", "normal_", "uniform_", "zero_", "fill_", "copy_", "mul_", "add_", "cpu"}
)
"""Operations whose result has the storage of what they are done to."""
_PERHAPS_VIEWS = frozenset(
    {"to", "type", "contiguous", "reshape", "flatten", "float", "cuda", "expand", "narrow", "select"}
)
"""Operations whose result may have it."""


def with_storage(name: str, value: Tensor | Param, result: Value) -> Value:
    """Return the result of an operation on a tensor, with the storage that it has."""
    if isinstance(result, Tensor) and name in _VIEWS | _PERHAPS_VIEWS:
        storage = storage_of(value)
        result.storage = storage if storage is None or name in _VIEWS else Storage(storage)
    return result
