"""Attributes that objects have from Python itself, whatever their classes say, such as ``__doc__``."""

from __future__ import annotations

import sys

from tie_lint.interpreter.base_values import External, RaisedError, Unknown, Value
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.unknown_items import has_unknown_key, is_certain
from tie_lint.interpreter.values import Instance, Module, PlainNamespace, may_give_module

_OF_EVERY_OBJECT = frozenset(dir(object)) | {"__module__", "__getstate__"}
_OF_SOME = frozenset(
    {
        "__abstractmethods__",
        "__annotations__",
        "__dataclass_fields__",
        "__dataclass_params__",
        "__match_args__",
    }
    | {"__orig_bases__", "__parameters__", "__slots__", "__weakref__"}
)
"""What an object has by the header or the body of its class."""


def attribute_of_python(this: Module | Instance, name: str) -> Value:
    """Return an attribute that Python gives to an object. Raises AttributeError where it certainly gives
    none."""
    if name in _OF_EVERY_OBJECT or _is_of_base(this.cls, name):
        return Unknown(f"{this.cls.leaf}.{name}")
    if name in _OF_SOME:
        return Unknown(f"{this.cls.leaf}.{name}", may_be_absent=True)
    raise RaisedError("AttributeError", f"{this.cls.leaf!r} object has no attribute {name!r}")


def _is_of_base(cls: Class | External, name: str) -> bool:
    """Whether one of Python's own classes that a class derives from has an attribute."""
    bases = cls.mro if isinstance(cls, Class) else ()
    return any(isinstance(base, External) and _has(base.name, name) for base in bases)


def _has(base: str, name: str) -> bool:
    module, _, leaf = base.rpartition(".")
    read = module in sys.stdlib_module_names and sys.modules.get(module)
    return bool(read) and hasattr(getattr(read, leaf, None), name)


def namespace_attribute(target: PlainNamespace, name: str) -> Value:
    """Return an attribute of a ``SimpleNamespace``. Raises AttributeError where it has none."""
    if name == "__dict__":
        return target.attrs
    if has_unknown_key(target.attrs) and not is_certain(target.attrs, name):
        return Unknown(f"an attribute called {name}", may_give_module(target.attrs), may_be_absent=True)
    if name not in target.attrs:
        if name in _OF_EVERY_OBJECT:
            return Unknown(f"a namespace's {name}")
        raise RaisedError("AttributeError", f"namespace has no attribute {name!r}")
    return target.attrs[name]
