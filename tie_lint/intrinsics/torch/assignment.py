"""What ``nn.Module.__setattr__`` refuses (torch/nn/modules/module.py, 2.13)."""

from __future__ import annotations

from tie_lint.interpreter.base_values import RaisedError, Value
from tie_lint.interpreter.values import Module, Param


def refuse(module: Module, name: str, value: Value) -> None:
    """Raise what giving a module an attribute raises: a part before ``nn.Module.__init__``, and what is no
    module in the place of one.
    """
    kind, attrs = type(value), module.attrs  # which builds what waits to be
    if kind in (Module, Param) and not module.begun:
        what = "module" if kind is Module else "parameters"
        raise RaisedError("AttributeError", f"cannot assign {what} before Module.__init__() call")
    if kind in _PLAIN and type(attrs.get(name)) is Module:
        allowed = "(torch.nn.Module or None expected)"
        raise RaisedError("TypeError", f"cannot assign {kind.__name__!r} as child module {name!r} {allowed}")


_PLAIN = frozenset({bool, int, float, str, list, tuple, dict})
