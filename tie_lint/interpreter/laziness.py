"""Modules that wait to be built: which of them must not, since they may tie something.

Most of a model's modules never matter to a tie. Building them would be most of the work of a run, so they are
built when somebody looks into them. Which may not wait is for the room to say that knows the library.
"""

from __future__ import annotations

from types import NoneType

from tie_lint.interpreter.base_values import External, Unknown, Value
from tie_lint.interpreter.caches import Cache
from tie_lint.interpreter.classes import Class
from tie_lint.interpreter.context import Interpreter
from tie_lint.interpreter.holding import held_by
from tie_lint.interpreter.values import Instance, Module


def may_escape(interp: Interpreter, cls: Class) -> bool:
    """Return whether building a module of a class, given nothing, may change or share something."""
    known: bool | None = cls.kept.get(_ESCAPES)  # asked far more often than there are classes
    if known is not None:
        return known
    hooks = [root.may_escape for root in cls.roots if root.may_escape is not None]
    return _ESCAPES.put(cls, any(may(interp, cls) for may in hooks))


_ESCAPES: Cache[bool] = Cache()


def may_bring(interp: Interpreter, value: Value) -> bool:
    """Return whether code that is given a value may build something with it that changes or shares something:
    a class of modules that does, or an object or class with methods, of which nobody knows what they do."""
    if isinstance(value, _BRINGS_NOTHING) or (isinstance(value, Instance) and value.cls.is_config):
        return False
    return any(_brings(interp, item) for item in held_by(value))


_BRINGS_NOTHING = (bool, int, float, str, NoneType, External, Unknown)


def _brings(interp: Interpreter, value: Value) -> bool:
    if not isinstance(value, Class) or value.is_config:
        return False
    if value.is_module:
        return value.is_model or may_escape(interp, value)
    return any(isinstance(item, Class) and any(map(_is_own, item.facts.method_names())) for item in value.mro)


def _is_own(method: str) -> bool:
    return method not in _OF_DATA


_OF_DATA = frozenset({"__init__", "__post_init__", "__repr__", "__eq__", "__hash__", "__str__"})


def may_matter(interp: Interpreter, module: Module) -> bool:
    """Return whether to look into a module when all ties are gathered."""
    if module.build is None or not isinstance(module.cls, Class):
        return True
    return may_escape(interp, module.cls)
