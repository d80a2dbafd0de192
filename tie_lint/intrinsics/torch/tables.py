"""What a module keeps its attributes in: ``_modules``, ``_parameters``, ``_buffers`` and ``__dict__``."""

from __future__ import annotations

from typing import Any

from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.spot import here
from tie_lint.interpreter.values import Module, Param, Tensor

_KINDS: dict[str, type] = {"_modules": Module, "_parameters": Param, "_buffers": Tensor}
TABLES = frozenset(_KINDS)


class Table(dict[str, Value]):
    """What is put there or taken away is put to or taken from what the module has."""

    def __init__(self, shown: dict[str, Value], kept: dict[str, Value]) -> None:
        super().__init__(shown)
        self._kept = kept

    def __setitem__(self, key: str, value: Value) -> None:
        super().__setitem__(key, value)
        self._kept[key] = value

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        del self._kept[key]

    def pop(self, key: str, *default: Value) -> Value:
        self._kept.pop(key, None)
        return super().pop(key, *default)

    def clear(self) -> None:
        for key in list(self):
            del self[key]

    def setdefault(self, key: str, default: Value = None) -> Value:
        if key not in self:
            self[key] = default
        return self[key]

    def update(self, *args: Any, **kwargs: Value) -> None:
        for key, value in dict(*args, **kwargs).items():
            self[key] = value


class _OwnDict(Table):
    """The ``__dict__`` of a module. To put tables there is to have another module's parts."""

    def __init__(self, module: Module) -> None:
        tables = {name: table(module, name) for name in TABLES}
        super().__init__({**module.hidden, **tables}, module.hidden)
        self._module = module

    def __setitem__(self, key: str, value: Value) -> None:
        super().__setitem__(key, value)
        if key in TABLES:
            self._module.opaque = here(f"its {key} are those of another module")


def table(module: Module, name: str) -> Table:
    """Return what a module has of one kind."""
    found = {key: value for key, value in module.attrs.items() if isinstance(value, _KINDS[name])}
    return Table(found, module.attrs)


def own_dict(module: Module) -> Table:
    """Return the ``__dict__`` of a module."""
    return _OwnDict(module)
