"""The weight of a module, and whether two weights can be one."""

from __future__ import annotations

from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.symbols import is_size
from tie_lint.interpreter.values import Module, Param


def weight_of(module: Value) -> Param | None:
    """Return the parameter that a module holds as ``weight``; None where it holds none."""
    weight = module.attrs.get("weight") if isinstance(module, Module) else None
    return weight if isinstance(weight, Param) else None


def fit(one: Param, two: Param) -> bool:
    """Return whether two weights have one shape; a size that the config leaves to the tokenizer equals
    itself.
    """
    shape = one.shape
    return shape is not None and shape == two.shape and all(n is None or is_size(n) for n in shape)


def differ(one: Param, two: Param) -> bool:
    """Return whether two weights have different shapes, both known."""
    return _known(one.shape) and _known(two.shape) and one.shape != two.shape


def _known(shape: tuple[Value, ...] | None) -> bool:
    return shape is not None and all(isinstance(size, int) for size in shape)
