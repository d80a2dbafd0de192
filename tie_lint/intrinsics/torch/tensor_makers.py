"""Functions of torch that make tensors: their shapes, and the numbers of short ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tie_lint.interpreter.base_values import Unknown, Value
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.values import Tensor

MOST_NUMBERS = 10_000
"""The longest tensor whose numbers are kept."""

Call = Callable[..., Value]


def is_number(value: Value) -> bool:
    """Return whether a value is a number that is known."""
    return isinstance(value, (int, float))


def _sized(interp: Interpreter, *sizes: Value, size: Value = None, **options: Value) -> Value:
    if size is None:
        size = sizes[0] if len(sizes) == 1 and isinstance(sizes[0], (list, tuple)) else sizes
    return Tensor(tuple(size) if isinstance(size, (list, tuple)) else None)


def _full(interp: Interpreter, size: Value, fill_value: Value = None, **options: Value) -> Value:
    return Tensor(tuple(size) if isinstance(size, (list, tuple)) else None)


def _tensor(interp: Interpreter, data: Value, **options: Value) -> Value:
    shape = _shape_of(data)
    numbers: list[Any] = list(data) if isinstance(data, (list, tuple)) else [data]
    plain = shape is not None and len(shape) < 2 and all(is_number(item) for item in numbers)
    return Tensor(shape, numbers if plain else None)


def _shape_of(data: Value) -> tuple[int, ...] | None:
    if isinstance(data, (list, tuple)):
        inner = _shape_of(data[0]) if data else ()
        return None if inner is None else (len(data), *inner)
    return () if is_number(data) else None


def _arange(interp: Interpreter, *args: Value, **options: Value) -> Value:
    if not args or not all(isinstance(arg, int) for arg in args) or args[2:] == (0,):
        return Tensor((Unknown("a length"),))
    numbers = range(*args)
    return Tensor((len(numbers),), list(numbers) if len(numbers) <= MOST_NUMBERS else None)


def _linspace(interp: Interpreter, start: Value, end: Value, steps: Value = None, **options: Value) -> Value:
    if not isinstance(steps, int) or not 0 < steps <= MOST_NUMBERS:
        return Tensor((steps,))
    if not isinstance(start, (int, float)) or not isinstance(end, (int, float)):
        return Tensor((steps,))
    step = (end - start) / max(steps - 1, 1)
    return Tensor((steps,), [float(start + step * i) for i in range(steps)])


def _argsort(interp: Interpreter, input: Value, **options: Value) -> Value:
    numbers = input.numbers if isinstance(input, Tensor) else input
    if not isinstance(numbers, (list, tuple)) or not all(is_number(number) for number in numbers):
        return Tensor(None)
    order = sorted(range(len(numbers)), key=lambda i: numbers[i])
    return Tensor((len(order),), list(order))


def _unshaped(interp: Interpreter, *args: Value, **options: Value) -> Value:
    return Tensor(None)


def _joined(stacked: bool) -> Callable[..., Value]:
    """``torch.stack`` and ``torch.cat``."""

    def call(interp: Interpreter, tensors: Value, dim: Value = 0, **options: Value) -> Value:
        axis = dim if isinstance(dim, int) else 0
        shapes = (
            [getattr(part, "shape", None) for part in tensors] if isinstance(tensors, (list, tuple)) else []
        )
        first = shapes[0] if shapes else None
        if first is None or any(shape is None or len(shape) != len(first) for shape in shapes):
            return Tensor(None)
        axis %= len(first) + stacked
        if stacked:
            return Tensor((*first[:axis], len(shapes), *first[axis:]))
        sizes = [shape[axis] for shape in shapes if shape is not None]
        total = sum(sizes) if all(isinstance(size, int) for size in sizes) else Unknown("a length")
        return Tensor((*first[:axis], total, *first[axis + 1 :]))

    return call


def _sized_or_filled(interp: Interpreter, *args: Value, **kwargs: Value) -> Value:
    """``torch.FloatTensor``: of sizes, or of numbers."""
    made = _tensor if len(args) == 1 and not isinstance(args[0], int) else _sized
    return made(interp, *args, **kwargs)


MAKERS: dict[str, Call] = {
    **dict.fromkeys(["zeros", "ones", "empty", "rand", "randn"], _sized),
    **dict.fromkeys(["Tensor", "FloatTensor", "LongTensor"], _sized_or_filled),
    "full": _full,
    "tensor": _tensor,
    "as_tensor": _tensor,
    "arange": _arange,
    "linspace": _linspace,
    "argsort": _argsort,
    "stack": _joined(True),
    "cat": _joined(False),
    **dict.fromkeys(["eye", "normal", "from_numpy", "logspace", "randint", "meshgrid"], _unshaped),
}
"""The functions, by the names that they have in torch."""
