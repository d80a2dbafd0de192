"""``copy``: values, objects and modules, copied as deep as Python copies them."""

from __future__ import annotations

from tie_lint.interpreter.base_values import Value
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.register import intrinsic
from tie_lint.interpreter.values import Instance, Module, Param, Storage
from tie_lint.record import replace


def copied(value: Value, memo: dict[int, Value] | None = None) -> Value:
    """``copy.deepcopy`` of plain values and configs."""
    memo = {} if memo is None else memo
    if id(value) in memo:
        return memo[id(value)]
    if isinstance(value, Instance):
        twin = Instance(value.cls)
        twin.shown = value.shown
        memo[id(value)] = twin
        twin.attrs = {name: copied(item, memo) for name, item in value.attrs.items()}
        twin.data = twin.attrs if value.data is value.attrs else copied(value.data, memo)
        twin.given_module, twin.unnamed = value.given_module, [*value.unnamed]
        return twin
    if isinstance(value, list):
        twin_list = memo[id(value)] = []
        twin_list.extend(copied(item, memo) for item in value)
        return twin_list
    if isinstance(value, tuple):
        return memo.setdefault(id(value), tuple(copied(item, memo) for item in value))
    if isinstance(value, dict):
        twin_dict = memo[id(value)] = {}
        twin_dict.update((key, copied(item, memo)) for key, item in value.items())
        return twin_dict
    return value


@intrinsic("copy.deepcopy")
def _deepcopy(interp: Interpreter, x: Value, memo: Value = None) -> Value:
    return copied_module(x, {}) if isinstance(x, Module) else _copied_values(x)


def _copied_values(value: Value) -> Value:
    if isinstance(value, (list, tuple)) and any(isinstance(item, Module) for item in value):
        memo: dict[int, Value] = {}
        return type(value)(
            copied_module(item, memo) if isinstance(item, Module) else copied(item) for item in value
        )
    return copied(value)


def copied_module(module: Module, memo: dict[int, Value]) -> Module:
    """``copy.deepcopy`` of a module: every parameter below it is a new one."""
    if id(module) in memo:
        known: Module = memo[id(module)]
        return known
    twin = memo[id(module)] = Module(module.cls, module.build)
    if module.build is not None:
        return twin
    twin.opaque = module.opaque
    twin.hidden = {name: _copied_part(value, memo) for name, value in module.hidden.items()}
    twin.unnamed = [replace(one, value=_copied_part(one.value, memo)) for one in module.unnamed]
    twin.attrs.update((name, _copied_part(value, memo)) for name, value in module.attrs.items())
    return twin


def _copied_storage(storage: Storage | None, memo: dict[int, Value]) -> Storage | None:
    if storage is not None and id(storage) not in memo:
        memo[id(storage)] = Storage(_copied_storage(storage.perhaps, memo))
    return None if storage is None else memo[id(storage)]


def _copied_part(value: Value, memo: dict[int, Value]) -> Value:
    if isinstance(value, Module):
        return copied_module(value, memo)
    if not isinstance(value, Param):
        return copied(value)
    if id(value) not in memo:
        memo[id(value)] = Param(value.shape, storage=_copied_storage(value.storage, memo))
    return memo[id(value)]


@intrinsic("copy.copy")
def _copy(interp: Interpreter, value: Value) -> Value:
    if isinstance(value, Instance):
        twin = Instance(value.cls)
        twin.shown = value.shown
        twin.attrs, twin.unnamed, twin.given_module = {**value.attrs}, [*value.unnamed], value.given_module
        twin.data = twin.attrs if value.data is value.attrs else value.data
        return twin
    return value.copy() if isinstance(value, (list, dict, set)) else value
