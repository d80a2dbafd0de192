"""``_modules``, ``_parameters`` and ``_buffers``: a module's attributes as dicts."""

from __future__ import annotations

from typing import Any

from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.values import Module


class Table(dict[str, Value]):
    """What is put there or taken away is put to or taken from the module."""

    def __init__(self, module: Module, kind: type) -> None:
        super().__init__({key: value for key, value in module.attrs.items() if isinstance(value, kind)})
        self._module = module

    def __setitem__(self, key: str, value: Value) -> None:
        super().__setitem__(key, value)
        self._module.attrs[key] = value

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        del self._module.attrs[key]

    def pop(self, key: str, *default: Value) -> Value:
        self._module.attrs.pop(key, None)
        return super().pop(key, *default)

    def update(self, *args: Any, **kwargs: Value) -> None:
        super().update(*args, **kwargs)
        self._module.attrs.update(*args, **kwargs)
