"""``isinstance`` and ``issubclass``: of which classes a value is known to be."""

from __future__ import annotations

import abc
import collections.abc
import numbers
from collections.abc import Iterator
from typing import Any

from tie_lint.interpreter.attributes import find_method
from tie_lint.interpreter.base_values import External, Native, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.enumerations import MEMBERS
from tie_lint.interpreter.register import HANDLERS
from tie_lint.interpreter.roots import ROOTS, bases_of
from tie_lint.interpreter.unread_names import may_be_plain
from tie_lint.interpreter.values import Bound, Function, Instance, Lambda, Module
from tie_lint.python.nodes import Keyword


def kind_names(interp: Interpreter, value: Value) -> frozenset[str] | None:
    """Return the dotted names of all classes a value is an instance of; None where unknown."""
    if isinstance(value, Unknown) or may_be_plain(value):
        return None
    if isinstance(value, (Instance, Module)):
        if isinstance(value.cls, External):
            return frozenset({value.cls.name, *bases_of(value.cls.name), "builtins.object"})
        return value.cls.names | {"builtins.object"}
    handler = HANDLERS.get(type(value))
    if handler is not None:
        return handler.class_names(value)
    if isinstance(value, Class):
        is_plain = not any(value.foreign_bases()) and not any(_keywords(value))
        return frozenset({"builtins.type", "builtins.object"}) if is_plain else None
    if isinstance(value, (Function, Lambda)):
        return frozenset({"types.FunctionType", "types.LambdaType", "builtins.object"})
    if isinstance(value, Bound):
        return frozenset({"types.MethodType", "builtins.object"})
    if isinstance(value, (Native, External)):
        return frozenset({"builtins.object"})
    if isinstance(value, MEMBERS):
        plain = {f"builtins.{kind.__name__}" for kind in (str, int) if isinstance(value, kind)}
        return value.cls.names | plain | {"builtins.object"}
    names = {f"builtins.{kind.__name__}" for kind in type(value).__mro__}
    if isinstance(value, (list, tuple, str)):
        names |= {"collections.abc.Sequence", "typing.Sequence", "collections.abc.Iterable"}
    if isinstance(value, dict):
        names |= {"collections.abc.Mapping", "typing.Mapping", "collections.OrderedDict"}
    return frozenset(names)


def _keywords(cls: Class) -> Iterator[Keyword]:
    """What the headers of a class and those above it say beside the bases: a metaclass, for one."""
    return (word for item in cls.mro if isinstance(item, Class) for word in item.facts.keywords)


def _class_name(value: Value) -> str | None:
    if isinstance(value, External):
        return {"typing.Dict": "builtins.dict", "typing.List": "builtins.list"}.get(value.name, value.name)
    name = getattr(value, "name", None)
    return name if isinstance(name, str) and not isinstance(value, (Native, Module)) else None


def is_instance(interp: Interpreter, value: Value, wanted: Value) -> Value:
    """``isinstance(value, wanted)``: True, False or unknown."""
    names = kind_names(interp, value)
    if isinstance(wanted, External) and wanted.name in _CALLABLE:
        return is_callable(interp, value)
    if names is None:
        return Unknown("isinstance of an unknown")
    kinds = wanted if isinstance(wanted, (tuple, list)) else (wanted,)
    foreign = next((base for kind in kinds for base in _bases_below(value, kind)), None)
    answer: Value = False if foreign is None else Unknown(f"isinstance: {foreign}")
    if isinstance(value, Instance) and value.cls.name in ROOTS:
        answer = Unknown(f"isinstance of a {value.cls.leaf} of an unknown class")
    for kind in kinds:
        name = _class_name(kind)
        if name is None:
            answer = Unknown("isinstance with an unknown class")
        elif name in names or _is_abstractly(value, name):
            return True
        elif name in _CALLABLE or (name in _OF_CODE and isinstance(value, (Native, External))):
            answer = Unknown("isinstance of code that is not read")
    return answer


def _bases_below(value: Value, kind: Value) -> list[str]:
    """The same for an object."""
    cls = getattr(value, "cls", None)
    return _bases_above(cls, kind) if isinstance(cls, Class) else []


def _is_abstractly(value: Value, name: str) -> bool:
    """Whether a plain value is an instance of one of Python's abstract classes."""
    module, _, leaf = name.rpartition(".")
    kinds = _ABSTRACT.get(module)
    kind = None if kinds is None or not isinstance(value, _PLAIN) else getattr(kinds, leaf, None)
    return isinstance(kind, abc.ABCMeta) and isinstance(value, kind)


_ABSTRACT: dict[str, Any] = {
    "numbers": numbers,
    "collections.abc": collections.abc,
    "typing": collections.abc,
}
_PLAIN = (bool, int, float, str, list, tuple, dict, set, frozenset, range, Iterator)


def is_subclass(interp: Interpreter, value: Value, wanted: Value) -> Value:
    """``issubclass(value, wanted)``: True, False or unknown."""
    if not isinstance(value, (Class, External)):
        return Unknown("issubclass of an unknown")
    names = value.names if isinstance(value, Class) else frozenset({value.name, *bases_of(value.name)})
    kinds = wanted if isinstance(wanted, (tuple, list)) else (wanted,)
    if any(_class_name(kind) in names | {"builtins.object"} for kind in kinds):
        return True
    is_read = isinstance(value, Class) and not any(_bases_above(value, kind) for kind in kinds)
    return False if is_read else Unknown(f"issubclass of {value.name}")


def _bases_above(cls: Class, kind: Value) -> list[str]:
    """The bases of a class that are not read and may derive from another class: not its own."""
    above = kind.names if isinstance(kind, Class) else frozenset()
    return [base for base in cls.foreign_bases() if base not in above]


def is_callable(interp: Interpreter, value: Value) -> Value:
    """``callable(value)``: True, False or unknown."""
    if isinstance(value, Unknown) or may_be_plain(value):
        return Unknown("callable")
    if isinstance(value, Instance):
        has_call = find_method(interp, value, "__call__") is not None
        return has_call or (Unknown("callable") if any(value.cls.foreign_bases()) else False)
    return isinstance(value, (Function, Native, Bound, Lambda, External, Module)) or hasattr(value, "mro")


_CALLABLE = frozenset({"collections.abc.Callable", "typing.Callable"})
_OF_CODE = frozenset(
    {"builtins.type", "types.FunctionType", "types.LambdaType", "types.MethodType", "functools.partial"}
)
"""Classes of functions and classes."""
