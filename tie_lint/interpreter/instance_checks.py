"""``isinstance`` and ``issubclass``: of which classes a value is known to be."""

from __future__ import annotations

import abc
import collections.abc
import numbers
from typing import Any

from tie_lint.interpreter.base_values import External, Native, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.register import HANDLERS
from tie_lint.interpreter.roots import ROOTS, bases_of
from tie_lint.interpreter.values import Instance, Module


def kind_names(interp: Interpreter, value: Value) -> frozenset[str] | None:
    """Return the dotted names of all classes a value is an instance of; None where unknown."""
    if isinstance(value, Unknown):
        return None
    if isinstance(value, (Instance, Module)):
        if isinstance(value.cls, External):
            return frozenset({value.cls.name, *bases_of(value.cls.name), "builtins.object"})
        return value.cls.names | {"builtins.object"}
    handler = HANDLERS.get(type(value))
    if handler is not None:
        return handler.class_names(value)
    names = {f"builtins.{kind.__name__}" for kind in type(value).__mro__}
    if isinstance(value, (list, tuple, str)):
        names |= {"collections.abc.Sequence", "typing.Sequence", "collections.abc.Iterable"}
    if isinstance(value, dict):
        names |= {"collections.abc.Mapping", "typing.Mapping", "collections.OrderedDict"}
    return frozenset(names)


def _class_name(value: Value) -> str | None:
    if isinstance(value, External):
        return {"typing.Dict": "builtins.dict", "typing.List": "builtins.list"}.get(value.name, value.name)
    name = getattr(value, "name", None)
    return name if isinstance(name, str) and not isinstance(value, (Native, Module)) else None


def is_instance(interp: Interpreter, value: Value, wanted: Value) -> Value:
    """``isinstance(value, wanted)``: True, False or unknown."""
    names = kind_names(interp, value)
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
    return answer


def _bases_below(value: Value, kind: Value) -> list[str]:
    """The bases of an object's class that are not read and may derive from another class: not its own."""
    cls = getattr(value, "cls", None)
    above = kind.names if isinstance(kind, Class) else frozenset()
    return [base for base in cls.foreign_bases() if base not in above] if isinstance(cls, Class) else []


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
_PLAIN = (bool, int, float, str, list, tuple, dict, set, frozenset, range)


def is_subclass(interp: Interpreter, value: Value, wanted: Value) -> Value:
    """``issubclass(value, wanted)``: True, False or unknown."""
    if not isinstance(value, (Class, External)):
        return Unknown("issubclass of an unknown")
    names = value.names if isinstance(value, Class) else frozenset({value.name})
    kinds = wanted if isinstance(wanted, (tuple, list)) else (wanted,)
    return any(_class_name(kind) in names for kind in kinds)
