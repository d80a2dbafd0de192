"""Computing with tensors during construction: their shapes, and the numbers of short ones.

Models compute layer counts and sizes with small tensors (``torch.linspace``, ``torch.cumsum`` …). What is not
modelled gives a tensor of unknown shape.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from tie_lint.interpreter.base_values import Native, RaisedError, Unknown, Value
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.register import HANDLERS, METHODS_OF_PLAIN, Handler
from tie_lint.interpreter.values import Param, Tensor, storage_of
from tie_lint.intrinsics.torch.devices import CPU, META
from tie_lint.intrinsics.torch.tensor_makers import MAKERS, MOST_NUMBERS, Call, is_number
from tie_lint.intrinsics.torch.views import with_storage

Operation = Callable[..., Value]
"""Called with a tensor and the arguments of the method."""


def function(name: str) -> Call | None:
    """``torch.<name>`` where it makes a tensor or computes with one; None for any other name."""
    if name in MAKERS:
        return MAKERS[name]
    if name in _METHODS or name in _ELEMENTWISE or name.removesuffix("_like") in MAKERS:

        def call(interp: Interpreter, input: Value = None, *args: Value, **kwargs: Value) -> Value:
            if not isinstance(input, (Tensor, Param)):
                return Unknown(f"torch.{name} of an unknown")
            return operate(name, input, args, kwargs)

        return call
    return None


def operate(name: str, value: Tensor | Param, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
    """``value.name(…)``."""
    if name.endswith("_like"):
        return Tensor(value.shape)
    if name in _ELEMENTWISE:
        result = _elementwise(_ELEMENTWISE[name], value)
    else:
        known = _METHODS.get(name)
        result = Tensor(None) if known is None else known(value, *args, **kwargs)
    return with_storage(name, value, result)


# -- computing with them ----------------------------------------------------------------------------------


_COMPUTE: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
}


def _item_by_axes(shape: tuple[Value, ...], index: tuple[Value, ...]) -> Value:
    left: list[Value] = []
    for size, part in zip(shape, index, strict=False):
        if isinstance(part, slice) and isinstance(size, int):
            left.append(len(range(*part.indices(size))))
        elif not isinstance(part, int):
            return Tensor(None)
    return Tensor((*left, *shape[len(index) :]))


def _operand_shape(value: Value) -> tuple[Value, ...] | None:
    return value.shape if isinstance(value, (Tensor, Param)) else () if is_number(value) else None


def _operand_numbers(value: Value) -> list[float] | None:
    return [value] if is_number(value) else getattr(value, "numbers", None) or None


def _broadcast(one: Sequence[Value] | None, two: Sequence[Value] | None) -> tuple[Value, ...] | None:
    if one is None or two is None:
        return None
    rank = max(len(one), len(two))
    pairs = zip((1,) * (rank - len(one)) + tuple(one), (1,) * (rank - len(two)) + tuple(two), strict=True)
    return tuple(b if a == 1 else a for a, b in pairs)


def _elementwise(compute: Callable[[float], float] | None, value: Tensor | Param) -> Value:
    numbers = getattr(value, "numbers", None)
    if compute is None or numbers is None:
        return Tensor(value.shape)
    try:
        return Tensor(value.shape, [compute(number) for number in numbers])
    except (ArithmeticError, ValueError):
        return Tensor(value.shape)


def _accumulated(compute: Callable[[Any, Any], Any]) -> Operation:
    def call(value: Tensor | Param, dim: Value = None, **options: Value) -> Value:
        numbers = getattr(value, "numbers", None)
        if numbers is None:
            return Tensor(value.shape)
        sums = numbers[:1]
        for number in numbers[1:]:
            sums.append(compute(sums[-1], number))
        return Tensor(value.shape, sums)

    return call


def _reduced(compute: Callable[[list[float]], float] | None, finds: bool = False) -> Operation:
    """``sum``, ``argmin`` and their like: over everything, or along one axis; what ``finds`` an item gives
    its place as well then."""

    def call(value: Tensor | Param, *args: Value, **kwargs: Value) -> Value:
        axis = args[0] if args else kwargs.get("dim")
        numbers = getattr(value, "numbers", None)
        if axis is None and not args and not kwargs:
            return Tensor((), [compute(numbers)] if compute and numbers else None)
        if finds:
            return Unknown("items of a tensor and their places")
        if not isinstance(axis, int) or not value.shape or set(kwargs) - {"dim"} or len(args) > 1:
            return Tensor(None)
        axis %= len(value.shape)
        return Tensor((*value.shape[:axis], *value.shape[axis + 1 :]))

    return call


def _unsqueezed(value: Tensor | Param, dim: Value) -> Value:
    if not isinstance(dim, int) or value.shape is None:
        return Tensor(None)
    axis = dim % (len(value.shape) + 1)
    return Tensor((*value.shape[:axis], 1, *value.shape[axis:]))


def _size(value: Tensor | Param, dim: Value = None) -> Value:
    shape = value.shape
    if shape is None or not isinstance(dim, int | None):
        return Unknown("a size")
    if dim is None:
        return shape
    return shape[dim] if -len(shape) <= dim < len(shape) else Unknown("a size")


def _numel(value: Tensor | Param) -> Value:
    whole = value.shape is not None and all(isinstance(size, int) for size in value.shape)
    return math.prod(value.shape or ()) if whole else Unknown("a number of elements")


def _number(value: Tensor | Param) -> Value:
    numbers = getattr(value, "numbers", None)
    return numbers[0] if numbers is not None and len(numbers) == 1 else Unknown("a number of a tensor")


def _listed(value: Tensor | Param) -> Value:
    numbers, shape = getattr(value, "numbers", None), value.shape
    if numbers is not None:
        return list(numbers) if shape else numbers[0]
    if shape and isinstance(shape[0], int) and shape[0] <= MOST_NUMBERS:
        return [Unknown("a number of a tensor") for _ in range(shape[0])]
    return Unknown("the numbers of a tensor")


def _split(value: Tensor | Param, split_size_or_sections: Value, dim: Value = 0) -> Value:
    sizes, numbers = split_size_or_sections, getattr(value, "numbers", None)
    if not isinstance(sizes, (list, tuple)):
        return Unknown("parts of a tensor")
    if numbers is None or not all(isinstance(size, int) for size in sizes):
        return tuple(Tensor((size, *(value.shape or ())[1:])) for size in sizes)
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    parts = [numbers[start : start + size] for start, size in zip(starts, sizes, strict=True)]
    return tuple(Tensor((len(part),), part) for part in parts)


_ELEMENTWISE: dict[str, Callable[[float], float] | None] = {
    **dict.fromkeys(["to", "cpu", "clone", "detach", "contiguous", "requires_grad_", "numpy"], lambda x: x),
    **dict.fromkeys(["float", "double", "half", "bfloat16"], float),
    **dict.fromkeys(["int", "long"], int),
    "ceil": math.ceil,
    "floor": math.floor,
    "abs": abs,
    "log": math.log,
    "exp": math.exp,
    "sqrt": math.sqrt,
    **dict.fromkeys(["round", "sigmoid", "tanh", "sin", "cos", "normal_", "uniform_", "zero_", "fill_"]),
}
"""Operations that keep the shape; None where their numbers are not computed."""

_METHODS: dict[str, Operation] = {
    "cumsum": _accumulated(operator.add),
    "cumprod": _accumulated(operator.mul),
    "sum": _reduced(sum),
    "prod": _reduced(math.prod),
    "max": _reduced(max, finds=True),
    "min": _reduced(min, finds=True),
    **dict.fromkeys(["mean", "argmin", "argmax"], _reduced(None)),
    "unsqueeze": _unsqueezed,
    "size": _size,
    "dim": lambda value: Unknown("a rank") if value.shape is None else len(value.shape),
    "numel": _numel,
    "item": _number,
    "tolist": _listed,
    "split": _split,
}


# -- tensors as values ------------------------------------------------------------------------------------


def _size_of_shape(shape: tuple[Value, ...], interp: Interpreter) -> Value:
    """``torch.Size.numel``."""
    return math.prod(shape) if all(isinstance(size, int) for size in shape) else Unknown("a size")


METHODS_OF_PLAIN[tuple, "numel"] = _size_of_shape

_OF_THE_RUN = frozenset(
    {"dtype", "grad", "grad_fn", "itemsize", "layout", "name", "names", "nbytes", "output_nr"}
    | {"requires_grad", "retains_grad"}
    | {f"is_{what}" for what in ("cpu", "cuda", "ipu", "leaf", "maia", "meta", "mkldnn", "mps", "mtia")}
    | {f"is_{what}" for what in ("nested", "quantized", "sparse", "sparse_csr", "vulkan", "xla", "xpu")}
)
"""What a tensor has that hangs on where it is and what was done with it: values, not methods."""


class _TensorHandler(Handler):
    def attribute(self, interp: Interpreter, value: Tensor | Param, name: str) -> Value:
        """Return an attribute of a tensor: its shape where known, or a method."""
        if name == "shape":
            return Unknown("a shape") if value.shape is None else value.shape
        if name == "ndim":
            return Unknown("a rank") if value.shape is None else len(value.shape)
        if name == "data":
            return Tensor(value.shape, getattr(value, "numbers", None), storage=storage_of(value))
        if name == "T":
            shape = None if value.shape is None else value.shape[::-1]
            return Tensor(shape, storage=storage_of(value))
        if name in _OF_THE_RUN:
            return Unknown(f"a tensor's {name}")
        if name == "device":
            return META if isinstance(value, Param) and value.meta else CPU
        return Native(name, lambda interp, *args, **kwargs: operate(name, value, args, kwargs))

    def item(self, interp: Interpreter, value: Tensor | Param, index: Value) -> Value:
        """``tensor[index]``."""
        return with_storage("select", value, self._item(value, index))

    def _item(self, value: Tensor | Param, index: Value) -> Value:
        shape, numbers = value.shape, getattr(value, "numbers", None)
        if shape is None or not shape:
            return Tensor(None)
        if isinstance(index, int) and isinstance(shape[0], int):
            if not -shape[0] <= index < shape[0]:
                raise RaisedError("IndexError", str(index))
            return Tensor(shape[1:], None if numbers is None else [numbers[index]])
        if isinstance(index, slice) and isinstance(shape[0], int):
            return Tensor(
                (len(range(*index.indices(shape[0]))), *shape[1:]),
                None if numbers is None else numbers[index],
            )
        if isinstance(index, (Tensor, Param)) and index.shape is not None:
            return Tensor((*index.shape, *shape[1:]))
        if isinstance(index, tuple) and len(index) <= len(shape):
            return _item_by_axes(shape, index)
        return Tensor(None)

    def items(self, value: Tensor | Param) -> list[Value] | None:
        if not isinstance(value, Tensor):
            return None
        if isinstance(value.numbers, list):
            return [Tensor((), [number]) for number in value.numbers]
        count = value.shape[0] if value.shape else None
        if not value.shape or not isinstance(count, int) or not 0 <= count <= MOST_NUMBERS:
            return None
        return [Tensor(value.shape[1:]) for _ in range(count)]

    def binary(self, sign: str, left: Value, right: Value) -> Value:
        """Return an operation with a tensor on either side: shapes broadcast, numbers are computed where
        known.
        """
        if sign == "@":
            return Tensor(None)
        shape = _broadcast(_operand_shape(left), _operand_shape(right))
        one, two = _operand_numbers(left), _operand_numbers(right)
        compute = _COMPUTE.get(sign)
        if compute is None or one is None or two is None or 1 not in (len(one), len(two)):
            return Tensor(shape)
        size = max(len(one), len(two))
        pairs = zip(one * (size // len(one)), two * (size // len(two)), strict=True)
        try:
            return Tensor(shape, [compute(a, b) for a, b in pairs])
        except (ArithmeticError, ValueError):
            return Tensor(shape)

    def unary(self, sign: str, value: Tensor | Param) -> Value:
        return Tensor(value.shape)

    def class_names(self, value: Tensor | Param) -> frozenset[str]:
        if isinstance(value, Tensor):
            return frozenset({"torch.Tensor"})
        return frozenset({"torch.nn.Parameter", "torch.Tensor", "torch.nn.parameter.Parameter"})


HANDLERS[Tensor] = HANDLERS[Param] = _TensorHandler()
