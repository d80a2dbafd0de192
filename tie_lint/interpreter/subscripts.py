"""Items of containers: read, set, deleted; membership; and when two values are one or equal."""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING

from tie_lint.interpreter.attributes import find_method
from tie_lint.interpreter.base_values import External, RaisedError, Unknown, Value
from tie_lint.interpreter.builtin_types import iterate, truth_of
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.register import HANDLERS
from tie_lint.interpreter.values import Instance, Module, Param, Tensor, may_give_module

if TYPE_CHECKING:
    from tie_lint.interpreter.context import Interpreter


def get_item(interp: Interpreter, target: Value, index: Value) -> Value:
    """``target[index]``."""
    if isinstance(target, Unknown) or isinstance(index, Unknown):
        if isinstance(target, Unknown):
            return Unknown(f"an item of {target.why}", module=target.module)
        return Unknown(f"an item under {index.why}", module=may_give_module(target))
    if target is None:
        raise RaisedError("TypeError", "'NoneType' object is not subscriptable")
    if isinstance(target, (External, Class)):
        return target  # a generic alias: `OrderedDict[str, int]`
    if type(target) in HANDLERS:
        return HANDLERS[type(target)].item(interp, target, index)
    if isinstance(target, Instance):
        method = find_method(interp, target, "__getitem__")
        if method is not None:
            return interp.call(method, [index], {})
        target = target.data
    if isinstance(target, (dict, list, tuple, str, range)):
        try:
            return target[index]
        except KeyError as error:
            raise RaisedError("KeyError", str(error)) from error
        except IndexError as error:
            raise RaisedError("IndexError", str(error)) from error
        except TypeError as error:
            return Unknown(str(error))
    return Unknown(f"an item of a {type(target).__name__}")


def set_item(interp: Interpreter, target: Value, index: Value, value: Value) -> None:
    """``target[index] = value``."""
    if isinstance(target, Module) and isinstance(index, (str, int)):
        target.attrs[str(index)] = value
    elif isinstance(target, Instance) and isinstance(target.data, dict):
        target.data[index] = value
    elif isinstance(target, (dict, list)) and not isinstance(index, (Unknown, slice)):
        try:
            target[index] = value
        except (IndexError, TypeError) as error:
            raise RaisedError(type(error).__name__, str(error)) from error
    elif isinstance(target, (dict, list)) or may_give_module(value):
        interp.doubts.append("an item is put under an unknown key")


def delete_item(interp: Interpreter, target: Value, index: Value) -> None:
    """``del target[index]``."""
    if isinstance(target, Module) and isinstance(index, int):
        items = [item for name, item in target.attrs.items() if name.isdigit()]
        del items[index]
        for name in [name for name in target.attrs if name.isdigit()]:
            del target.attrs[name]
        target.attrs.update({str(i): item for i, item in enumerate(items)})
    elif isinstance(target, (dict, list)) and not isinstance(index, Unknown):
        try:
            del target[index]
        except (KeyError, IndexError, TypeError) as error:
            raise RaisedError(type(error).__name__, str(error)) from error


def contains(interp: Interpreter, container: Value, item: Value) -> Value:
    """``item in container``: True, False or unknown."""
    if isinstance(container, Instance):
        method = find_method(interp, container, "__contains__")
        if method is not None:
            truth = truth_of(interp.call(method, [item], {}))
            return Unknown("an unknown membership") if truth is None else truth
        if isinstance(container.data, dict):
            return item in container.data
        if container.cls.is_config:
            return item in container.attrs
    if isinstance(container, (str, dict, set, frozenset, range)):
        try:
            return item in container
        except TypeError:
            return Unknown("an unknown membership")
    items = iterate(interp, container)
    if items is None:
        return Unknown("an unknown membership")
    answers = [equal_values(candidate, item) for candidate in items]
    if True in answers:
        return True
    return next((answer for answer in answers if isinstance(answer, Unknown)), False)


def same(left: Value, right: Value) -> bool:
    """``left is right`` for known values."""
    if isinstance(left, External) and isinstance(right, External):
        return left.name == right.name
    if isinstance(left, (bool, int, str, NoneType)) or isinstance(right, (bool, int, str, NoneType)):
        return type(left) is type(right) and left == right
    return left is right


def equal_values(left: Value, right: Value) -> Value:
    """``left == right``: True, False or unknown."""
    if isinstance(left, Unknown):
        return left
    if isinstance(right, Unknown):
        return right
    if isinstance(left, External) and isinstance(right, External):
        return left.name == right.name
    if isinstance(left, (Tensor, Param)) or isinstance(right, (Tensor, Param)):
        return Unknown("a comparison of tensors")
    if isinstance(left, (list, tuple)) and type(left) is type(right):
        if len(left) != len(right):
            return False
        answers = [equal_values(one, two) for one, two in zip(left, right, strict=True)]
        return next((answer for answer in answers if answer is not True), True)
    return bool(left == right)
